import type { HostImage, Window } from "./raster";

/** Tiles of one size that cover a picture, each overlapping its neighbours. */
export interface Tiling {
  readonly overlap: number;
  readonly windows: readonly Window[];
}

/** Pixels at a tile's edge that are not used where a neighbour has them: there the network saw a mirror, not the picture. */
const margin = 8;

/**
 * Pixels that tiles overlap by, where that is no more than a quarter of them. With 48, the middle of an overlap is as near to the
 * whole picture's translation as any other place, and as smooth; with 16 it was 1.2 to 1.8 times as far from it.
 */
const mostOverlap = 48;

/**
 * Covers a picture with overlapping tiles, each no larger than it need be and at most `side` high and wide: a side that the
 * network takes, as `fitting` makes them. Tiles begin at multiples of `multiple`, where the network's own sampling of the whole
 * picture would fall.
 */
export function tilesFor(picture: { height: number; width: number }, side: number, multiple: number, fitting: (side: number) => number): Tiling {
  const overlap = Math.min(mostOverlap, Math.floor(side / 4));
  const along = (length: number): { size: number; starts: number[] } => {
    const count = Math.max(1, Math.ceil((length - overlap) / (side - overlap)));
    const size = fitting((length + (count - 1) * overlap) / count);
    const start = (i: number): number => Math.ceil((i * (length - size)) / (count - 1) / multiple) * multiple;
    return { size, starts: count === 1 ? [0] : Array.from({ length: count }, (_, i) => start(i)) };
  };
  const [down, across] = [along(picture.height), along(picture.width)];
  const windows = down.starts.flatMap((top) => across.starts.map((left) => ({ top, left, height: down.size, width: across.size })));
  return { overlap, windows };
}

/**
 * Patches that stand for the whole picture when its statistics are taken: all of it where four squares of `side` cover it, else
 * squares of `patch`, spread evenly. Together they have no more pixels than four squares of `side`.
 */
export function patchesFor(picture: { height: number; width: number }, side: number, patch: number): Window[] {
  const covering = { height: Math.ceil(picture.height / side), width: Math.ceil(picture.width / side) };
  const whole = covering.height * covering.width <= 4;
  const size = whole ? side : patch;
  const counts = whole ? covering : spread(picture, Math.floor((4 * side * side) / (patch * patch)));
  const starts = (axis: "height" | "width"): number[] => {
    const room = Math.max(0, picture[axis] - size);
    const count = Math.min(counts[axis], Math.ceil(picture[axis] / size));
    return Array.from({ length: count }, (_, i) => (count === 1 ? Math.floor(room / 2) : Math.round((i * room) / (count - 1))));
  };
  return starts("height").flatMap((top) => starts("width").map((left) => ({ top, left, height: size, width: size })));
}

/** As many along each axis as its length has it, at most `most` in all. */
function spread(picture: { height: number; width: number }, most: number): { height: number; width: number } {
  const width = Math.max(1, Math.min(most, Math.round(Math.sqrt((most * picture.width) / picture.height))));
  return { width, height: Math.floor(most / width) };
}

/** Puts tiles together: where they overlap, one fades into the other, so that there is no seam. */
export class Mosaic {
  private readonly sum: Float32Array;
  private readonly weight: Float32Array;

  constructor(
    private readonly size: { readonly height: number; readonly width: number; readonly channels: number },
    private readonly overlap: number,
  ) {
    this.sum = new Float32Array(size.height * size.width * size.channels);
    this.weight = new Float32Array(size.height * size.width);
  }

  add(tile: HostImage, at: Window): void {
    const { height, width, channels } = this.size;
    const rows = this.ramp(at.top, at.height, height);
    const columns = this.ramp(at.left, at.width, width);
    for (let i = 0; i < at.height && at.top + i < height; i++) {
      for (let j = 0; j < at.width && at.left + j < width; j++) {
        const share = rows[i]! * columns[j]!;
        const to = (at.top + i) * width + at.left + j;
        this.weight[to]! += share;
        for (let c = 0; c < channels; c++) this.sum[to * channels + c]! += share * tile.data[(i * at.width + j) * channels + c]!;
      }
    }
  }

  finish(): HostImage {
    const { channels } = this.size;
    return { ...this.size, data: this.sum.map((value, i) => value / this.weight[Math.floor(i / channels)]!) };
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
