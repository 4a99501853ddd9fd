import { indexAfter, indexAtLeast, type Numbers } from "./plot/decimate";
import type { Extent } from "./plot/ticks";

/** Which steps a table shows: those in the range, or as many as it may, evenly taken, the first and the last among them. */
export function tableRows(steps: Numbers, range: Extent, most: number): { indices: number[]; of: number } {
  const from = indexAtLeast(steps, range.min);
  const of = indexAfter(steps, range.max, from) - from;
  const count = Math.min(of, most);
  return {
    indices: Array.from(
      { length: count },
      (_, row) => from + (count < 2 ? 0 : Math.round((row * (of - 1)) / (count - 1))),
    ),
    of,
  };
}
