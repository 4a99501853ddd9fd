import type { Window } from "./raster";

/** Tiles of one size that cover a picture, or blocks that cover a volume, each overlapping its neighbours. */
export interface Tiling {
  readonly overlap: number;
  readonly windows: readonly Window[];
}

/**
 * Pixels that tiles overlap by, where that is no more than a quarter of them. With 48, the middle of an overlap is as near to the
 * whole picture's translation as any other place, and as smooth; with 16 it was 1.2 to 1.8 times as far from it.
 */
const mostOverlap = 48;

/**
 * Covers a picture with overlapping tiles, each no larger than it need be and at most `side` along each axis: a side that the
 * network takes, as `fitting` makes them. Tiles begin at multiples of `multiple`, where the network's own sampling of the whole
 * picture would fall.
 */
export function tilesFor(
  sides: readonly number[],
  side: number,
  multiple: number,
  fitting: (side: number) => number,
): Tiling {
  const overlap = Math.min(mostOverlap, Math.floor(side / 4));
  const axes = sides.map((length) => {
    const count = Math.max(1, Math.ceil((length - overlap) / (side - overlap)));
    const size = fitting((length + (count - 1) * overlap) / count);
    const start = (i: number): number => Math.ceil((i * (length - size)) / (count - 1) / multiple) * multiple;
    return { size, starts: count === 1 ? [0] : Array.from({ length: count }, (_, i) => start(i)) };
  });
  const size = axes.map((axis) => axis.size);
  return { overlap, windows: combined(axes.map(({ starts }) => starts)).map((start) => ({ start, size })) };
}

/**
 * Patches that stand for the whole picture when its statistics are taken: all of it where four squares of `side` cover it, else
 * squares of `patch`, spread evenly. Together they have no more pixels than four squares of `side`. Cubes, in a volume.
 */
export function patchesFor(sides: readonly number[], side: number, patch: number): Window[] {
  const covering = sides.map((length) => Math.ceil(length / side));
  const whole = covering.reduce((product, count) => product * count, 1) <= 4;
  const size = whole ? side : patch;
  const counts = whole ? covering : spread(sides, Math.floor(4 * (side / patch) ** sides.length));
  const starts = sides.map((length, axis) => {
    const room = Math.max(0, length - size);
    const count = Math.min(counts[axis]!, Math.ceil(length / size));
    return Array.from({ length: count }, (_, i) =>
      count === 1 ? Math.floor(room / 2) : Math.round((i * room) / (count - 1)),
    );
  });
  return combined(starts).map((start) => ({ start, size: sides.map(() => size) }));
}

/** As many along each axis as its length has it, at most `most` in all. */
function spread(sides: readonly number[], most: number): number[] {
  if (sides.length === 1) return [Math.floor(most)];
  const [last, others] = [sides.at(-1)!, sides.slice(0, -1)];
  const share = others.reduce((product, length) => (product * last) / length, most) ** (1 / sides.length);
  const count = Math.max(1, Math.min(Math.floor(most), Math.round(share)));
  return [...spread(others, most / count), count];
}

/** Every choice of one number of each list, the last changing fastest. */
function combined(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (chosen, list) => chosen.flatMap((before) => list.map((each) => [...before, each])),
    [[]],
  );
}
