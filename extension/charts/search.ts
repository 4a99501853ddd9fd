/** A column of numbers. */
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

/**
 * The first index, from `from` on, whose number is greater than `value`; the array's length if there is none. The numbers must be strictly
 * ascending.
 */
export function indexAfter(ascending: Numbers, value: number, from = 0): number {
  const index = indexAtLeast(ascending, value, from);
  return ascending[index] === value ? index + 1 : index;
}

/** The first index with a finite number, going from `start` up (1) or down (-1); the array's length or -1 if there is none. */
export function finiteFrom(ys: Numbers, start: number, direction: 1 | -1): number {
  let index = start;
  while (index >= 0 && index < ys.length && !Number.isFinite(ys[index]!)) index += direction;
  return index;
}

/** Among the indices at which `ys` is finite, the one whose `xs` is nearest to `x`; undefined if there is none. */
export function nearestFiniteIndex(xs: Numbers, ys: Numbers, x: number): number | undefined {
  const at = indexAtLeast(xs, x);
  const above = finiteFrom(ys, at, 1);
  const below = finiteFrom(ys, at - 1, -1);
  if (above >= ys.length) return below < 0 ? undefined : below;
  if (below < 0) return above;
  return xs[above]! - x < x - xs[below]! ? above : below;
}
