import { expect, test } from "vitest";
import { tableRows } from "../../../../webview/charts/chartTable";

const steps = Float64Array.from({ length: 100_000 }, (_, index) => index + 1);

test("a short range is shown whole", () => {
  expect(tableRows(steps, { min: 10.5, max: 14 }, 200)).toEqual({ indices: [10, 11, 12, 13], of: 4 });
});

test("a long one evenly, from its first step to its last", () => {
  const { indices, of } = tableRows(steps, { min: 1, max: 100_000 }, 200);
  expect([indices.length, of, indices[0], indices.at(-1)]).toEqual([200, 100_000, 0, 99_999]);
  const gaps = indices.slice(1).map((index, row) => index - indices[row]!);
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
});

test("a range between two steps has none", () => {
  expect(tableRows(steps, { min: 10.2, max: 10.8 }, 200)).toEqual({ indices: [], of: 0 });
});
