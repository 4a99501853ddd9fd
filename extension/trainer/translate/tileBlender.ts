import { asVolume, imageOf, sidesOf, type HostImage, type Window } from "./raster";

/** Pixels at a tile's edge that are not used where a neighbour has them: there the network saw a mirror, not the picture. */
const margin = 8;

/** Puts tiles together: where they overlap, one fades into the other, so that there is no seam. */
export class Mosaic {
  private readonly sides: readonly number[];
  private readonly sum: Float32Array;
  private readonly weight: Float32Array;

  constructor(
    size: Pick<HostImage, "depth" | "height" | "width">,
    private readonly channels: number,
    private readonly overlap: number,
  ) {
    this.sides = sidesOf(size);
    const pixels = this.sides.reduce((product, side) => product * side, 1);
    this.sum = new Float32Array(pixels * channels);
    this.weight = new Float32Array(pixels);
  }

  add(tile: HostImage, { start, size }: Window): void {
    const { channels } = this;
    const [depth, height, width] = asVolume(this.sides);
    const [front, top, left] = asVolume(start, 0);
    const [planes, rows, columns] = asVolume(size);
    const ramps = [...this.sides.keys()].map((axis) => this.ramp(start[axis]!, size[axis]!, this.sides[axis]!));
    const [across, down, deep = Float32Array.of(1)] = ramps.reverse() as [Float32Array, Float32Array, Float32Array?];
    for (let k = 0; k < planes && front + k < depth; k++) {
      for (let i = 0; i < rows && top + i < height; i++) {
        for (let j = 0; j < columns && left + j < width; j++) {
          const share = deep[k]! * down[i]! * across[j]!;
          const to = ((front + k) * height + top + i) * width + left + j;
          const from = (k * rows + i) * columns + j;
          this.weight[to]! += share;
          for (let c = 0; c < channels; c++) this.sum[to * channels + c]! += share * tile.data[from * channels + c]!;
        }
      }
    }
  }

  /** The whole; nothing can be added any more. */
  finish(): HostImage {
    const { channels, sum } = this;
    for (let i = 0; i < sum.length; i++) sum[i]! /= this.weight[Math.floor(i / channels)]!;
    return imageOf(sum, this.sides, channels);
  }

  /** A tile's share along one axis: rising over the overlap, but whole at the picture's own edges. */
  private ramp(start: number, length: number, full: number): Float32Array {
    const inner = Math.min(margin, Math.floor(this.overlap / 4));
    const rise = this.overlap - 2 * inner;
    return Float32Array.from({ length }, (_, i) => {
      const before = start === 0 ? 1 : (i + 0.5 - inner) / rise;
      const after = start + length >= full ? 1 : (length - i - 0.5 - inner) / rise;
      // Never quite nothing: a pixel that only an edge covers still has a value.
      return Math.max(1e-6, Math.min(1, before, after));
    });
  }
}
