/** Numbers by index. */
export type Numbers = Float32Array | Float64Array;

/** First index, from `from` on, whose number is at least `value`; the length if there is none. `ascending` is sorted. */
export function indexAtLeast(ascending: Numbers, value: number, from = 0): number {
  let low = from;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index, from `from` on, whose number is greater than `value`. */
export function indexAfter(ascending: Numbers, value: number, from = 0): number {
  const index = indexAtLeast(ascending, value, from);
  return ascending[index] === value ? index + 1 : index;
}

/** A range of x and the number of pixel columns that it is drawn on. */
export interface Window {
  readonly min: number;
  readonly max: number;
  readonly columns: number;
}

/**
 * Which points of a curve to draw so that it looks as with all of them: the lowest and the highest of each pixel column, and the first
 * and the last of all. One point on either side of the range comes along, so that lines reach the edges. What is not finite is left out.
 * @param xs ascending
 * @returns indices, ascending; at most `2 * columns + 4`
 */
export function decimate(xs: Numbers, ys: Numbers, { min, max, columns }: Window): Uint32Array {
  const from = indexAtLeast(xs, min);
  const end = indexAfter(xs, max, from);
  const kept = new Uint32Array(2 * columns + 4);
  let count = 0;
  const keep = (index: number): void => {
    if (index >= 0 && index < ys.length && (count === 0 || index > kept[count - 1]!)) kept[count++] = index;
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
  return kept.slice(0, count);
}

/** Where the lowest and the highest finite number of a part are; -1 if it has none. Every point of every curve passes here, each frame. */
function extremes(ys: Numbers, start: number, stop: number): { low: number; high: number } {
  let [lowest, highest] = [Infinity, -Infinity];
  let [low, high] = [-1, -1];
  for (let index = start; index < stop; index++) {
    const y = ys[index]!;
    // What is no number is neither lower nor higher than anything.
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

/** The nearest index from `start` on, in one direction, that has a finite number; one beyond the end if there is none. */
export function finiteFrom(ys: Numbers, start: number, direction: 1 | -1): number {
  let index = start;
  while (index >= 0 && index < ys.length && !Number.isFinite(ys[index]!)) index += direction;
  return index;
}

/** The index with a finite number whose x is nearest to `x`; undefined if there is none. */
export function nearest(xs: Numbers, ys: Numbers, x: number): number | undefined {
  const at = indexAtLeast(xs, x);
  const above = finiteFrom(ys, at, 1);
  const below = finiteFrom(ys, at - 1, -1);
  if (above >= ys.length) return below < 0 ? undefined : below;
  if (below < 0) return above;
  return xs[above]! - x < x - xs[below]! ? above : below;
}
