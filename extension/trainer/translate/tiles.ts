import { sidesOf, pixelsOf, type Pixels } from "../data/picture";

/** Equally large tiles that cover a picture, or blocks that cover a volume, and the pixels by which they overlap. */
export interface Tiling {
  readonly overlap: number;
  readonly boxes: readonly TileBox[];
}

/**
 * Pixels by which tiles overlap, but at most a quarter of a tile. Error against the translation of the whole picture: with 48 pixels it is
 * the same in an overlap as elsewhere; with 16 it was 1.2 to 1.8 times as large.
 */
const mostOverlap = 48;

/**
 * Covers a picture with as few overlapping tiles of at most `side` as possible, and makes these tiles as small as possible. Tiles begin at
 * multiples of `multiple`, so that the network's downsampling falls on the same pixels as in the whole picture.
 *
 * @param sides of the picture, slowest axis first
 * @param fitting rounds a side up to one that the network accepts
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
  return { overlap, boxes: cartesianProduct(axes.map(({ starts }) => starts)).map((start) => ({ start, size })) };
}

/**
 * The patches from which instance norms take the statistics of a whole picture: squares of `side` if at most four of them cover it, else
 * squares of `patch`, spread evenly, which together have no more pixels than four squares of `side`. In a volume they are cubes.
 */
export function patchesFor(sides: readonly number[], side: number, patch: number): TileBox[] {
  const coveringCounts = sides.map((length) => Math.ceil(length / side));
  const whole = coveringCounts.reduce((product, count) => product * count, 1) <= 4;
  const size = whole ? side : patch;
  const counts = whole ? coveringCounts : countsAlongAxes(sides, Math.floor(4 * (side / patch) ** sides.length));
  const starts = sides.map((length, axis) => {
    const room = Math.max(0, length - size);
    const count = Math.min(counts[axis]!, Math.ceil(length / size));
    return Array.from({ length: count }, (_, i) =>
      count === 1 ? Math.floor(room / 2) : Math.round((i * room) / (count - 1)),
    );
  });
  return cartesianProduct(starts).map((start) => ({ start, size: sides.map(() => size) }));
}

/** Numbers of patches along the axes, proportional to the axes' lengths, whose product is at most `most`. */
function countsAlongAxes(sides: readonly number[], most: number): number[] {
  if (sides.length === 1) return [Math.floor(most)];
  const [last, others] = [sides.at(-1)!, sides.slice(0, -1)];
  const share = others.reduce((product, length) => (product * last) / length, most) ** (1 / sides.length);
  const count = Math.max(1, Math.min(Math.floor(most), Math.round(share)));
  return [...countsAlongAxes(others, most / count), count];
}

/** The Cartesian product of the lists, the last changing fastest. */
function cartesianProduct(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (chosen, list) => chosen.flatMap((before) => list.map((each) => [...before, each])),
    [[]],
  );
}

/** A box of pixels or voxels, slowest axis first. It may reach beyond the image's edges, see {@link cropReflected}. */
export interface TileBox {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/** The pixels in a box. Beyond the edges the image is reflected without repeating the edge, as often as needed (PyTorch's `reflect`). */
export function cropReflected(image: Pixels, { start, size }: TileBox): Pixels {
  const { channels } = image;
  const sides = asThreeAxes(sidesOf(image));
  const [planes, rows, columns] = asThreeAxes(size).map((length, axis) => {
    const first = asThreeAxes(start, 0)[axis]!;
    return Int32Array.from({ length }, (_, i) => reflectedIndex(first + i, sides[axis]!));
  }) as [Int32Array, Int32Array, Int32Array];
  const data = new Float32Array(planes.length * rows.length * columns.length * channels);
  let to = 0;
  for (const plane of planes) {
    for (const row of rows) {
      const line = (plane * sides[1] + row) * sides[2];
      for (const column of columns) {
        const from = (line + column) * channels;
        for (let c = 0; c < channels; c++) data[to++] = image.data[from + c]!;
      }
    }
  }
  return pixelsOf(data, size, channels);
}

/** Depth, height and width. For a picture, which has no depth, `missing` is put first. */
export function asThreeAxes(axes: readonly number[], missing = 1): [number, number, number] {
  return (axes.length === 2 ? [missing, ...axes] : axes) as [number, number, number];
}

function reflectedIndex(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = ((i % period) + period) % period;
  return place < size ? place : period - place;
}
