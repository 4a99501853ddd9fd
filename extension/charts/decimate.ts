import { finiteFrom, indexAfter, indexAtLeast, type Numbers } from "./search";

/** A range of x and the number of pixel columns that it is drawn on. */
export interface ColumnRange {
  readonly min: number;
  readonly max: number;
  readonly columns: number;
}

/**
 * Picks the points that make a curve look as if all were drawn: the minimum and maximum of each pixel column, the first and the last point,
 * and one point beyond either end of the range, so that lines reach the edges. Values that are not finite are skipped.
 * @param xs ascending
 * @returns indices, ascending; at most `2 * columns + 4`
 */
export function decimate(xs: Numbers, ys: Numbers, { min, max, columns }: ColumnRange): Uint32Array {
  const from = indexAtLeast(xs, min);
  const end = indexAfter(xs, max, from);
  const indices = new Uint32Array(2 * columns + 4);
  let count = 0;
  const keep = (index: number): void => {
    if (index >= 0 && index < ys.length && (count === 0 || index > indices[count - 1]!)) indices[count++] = index;
  };
  keep(finiteFrom(ys, from - 1, -1));
  const first = finiteFrom(ys, from, 1);
  const last = finiteFrom(ys, end - 1, -1);
  if (first <= last) keep(first);
  let start = from;
  for (let column = 1; column <= columns && start < end; column++) {
    const stop =
      column === columns ? end : Math.min(end, indexAtLeast(xs, min + ((max - min) * column) / columns, start));
    const { low, high } = extremes(ys, start, stop);
    keep(Math.min(low, high));
    keep(Math.max(low, high));
    start = stop;
  }
  if (first <= last) keep(last);
  keep(finiteFrom(ys, end, 1));
  return indices.slice(0, count);
}

/**
 * The indices of the minimum and the maximum of `ys` from `start` to before `stop`; -1 if no number there is finite. Performance matters:
 * this visits every point of every curve in each frame.
 */
function extremes(ys: Numbers, start: number, stop: number): { low: number; high: number } {
  let [lowest, highest] = [Infinity, -Infinity];
  let [low, high] = [-1, -1];
  for (let index = start; index < stop; index++) {
    const y = ys[index]!;
    // Comparisons with NaN are false, so NaN is skipped.
    if (y < lowest && y > -Infinity) {
      lowest = y;
      low = index;
    }
    if (y > highest && y < Infinity) {
      highest = y;
      high = index;
    }
  }
  return { low, high };
}
