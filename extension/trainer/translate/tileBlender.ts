import { pixelsOf, sidesOf, type Pixels } from "../data/picture";
import { asThreeAxes, type TileBox } from "./tiles";

/** Pixels at a tile's edge that are not used where a neighbour covers them, because the network saw reflected padding beside them. */
const margin = 8;

/** Joins tiles without seams: where they overlap, each tile's weight falls linearly towards its edge. */
export class TileBlender {
  private readonly sides: readonly number[];
  private readonly sum: Float32Array;
  private readonly weight: Float32Array;

  constructor(
    size: Pick<Pixels, "depth" | "height" | "width">,
    private readonly channels: number,
    private readonly overlap: number,
  ) {
    this.sides = sidesOf(size);
    const pixels = this.sides.reduce((product, side) => product * side, 1);
    this.sum = new Float32Array(pixels * channels);
    this.weight = new Float32Array(pixels);
  }

  add(tile: Pixels, { start, size }: TileBox): void {
    const { channels } = this;
    const [depth, height, width] = asThreeAxes(this.sides);
    const [front, top, left] = asThreeAxes(start, 0);
    const [planes, rows, columns] = asThreeAxes(size);
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

  /** Returns the whole image. Call it once, after the last `add`. */
  finish(): Pixels {
    const { channels, sum } = this;
    for (let i = 0; i < sum.length; i++) sum[i]! /= this.weight[Math.floor(i / channels)]!;
    return pixelsOf(sum, this.sides, channels);
  }

  /** A tile's weights along one axis: rising over the overlap, but 1 at the image's own edges. */
  private ramp(start: number, length: number, full: number): Float32Array {
    const inner = Math.min(margin, Math.floor(this.overlap / 4));
    const rise = this.overlap - 2 * inner;
    return Float32Array.from({ length }, (_, i) => {
      const before = start === 0 ? 1 : (i + 0.5 - inner) / rise;
      const after = start + length >= full ? 1 : (length - i - 0.5 - inner) / rise;
      // Not 0, because a pixel that is covered only by tiles' margins still needs a weight.
      return Math.max(1e-6, Math.min(1, before, after));
    });
  }
}
