import { expect, test } from "vitest";
import { WorstCases } from "../../../extension/comparison/worstCases";
import type { Picture } from "../../../extension/trainer/data/picture";
import { contactSheet } from "../../../extension/trainer/evaluate/contactSheet";
import type { CaseMetrics, EvaluatedCase } from "../../../extension/trainer/evaluate/evaluator";

const flat = (value: number, height: number, width: number, channels = 3): Picture => ({
  data: new Float32Array(height * width * channels).fill(value),
  height,
  width,
  channels,
  bits: 8,
  alpha: null,
});
const judged = (name: string, metrics: CaseMetrics, pictures: Partial<EvaluatedCase> = {}): EvaluatedCase => ({
  name,
  metrics,
  input: flat(0, 100, 128),
  translated: flat(0.5, 100, 128),
  cycled: null,
  truth: null,
  ...pictures,
});

/** The first number of the pixel in the middle of a cell. */
const middle = (sheet: Picture, row: number, column: number, cell: { height: number; width: number }): number =>
  sheet.data[
    ((4 + row * (cell.height + 4) + cell.height / 2) * sheet.width + 4 + column * (cell.width + 4) + cell.width / 2) * 3
  ]!;

test("a row a case: input, translation, truth, difference; small pictures twice as large, and gray ones in colour", () => {
  const sheet = contactSheet([
    judged("x", {}, { truth: flat(-0.25, 100, 128, 3), cycled: flat(1, 100, 128) }),
    judged("y", {}, { translated: flat(0.5, 100, 128, 1) }),
  ])!;
  expect([sheet.height, sheet.width, sheet.channels, sheet.bits]).toEqual([4 + 2 * 204, 4 + 4 * 260, 3, 8]);
  const cell = { height: 200, width: 256 };
  expect([0, 1, 2, 3].map((column) => middle(sheet, 0, column, cell))).toEqual([0, 0.5, -0.25, -0.25]);
  expect([0, 1, 2].map((column) => middle(sheet, 1, column, cell))).toEqual([0, 0.5, 1]);
});

test("without a truth the way back stands in its place, and its difference from the input", () => {
  const sheet = contactSheet([judged("x", {}, { cycled: flat(-0.5, 100, 128) })])!;
  expect([0, 1, 2, 3].map((column) => middle(sheet, 0, column, { height: 200, width: 256 }))).toEqual([
    0, 0.5, -0.5, -0.5,
  ]);
});

test("large pictures become smaller, every pixel the mean of those that it stands for", () => {
  const stripes = flat(0, 1024, 512);
  stripes.data.forEach((_, i) => (stripes.data[i] = Math.floor(i / 3) % 2 === 0 ? 1 : -0.5));
  const sheet = contactSheet([judged("x", {}, { input: stripes, translated: stripes })])!;
  expect([sheet.height, sheet.width]).toEqual([4 + 260, 4 + 2 * 132]);
  expect(middle(sheet, 0, 1, { height: 256, width: 128 })).toBeCloseTo(0.25, 6);
});

test("there is no sheet of nothing", () => {
  expect(contactSheet([])).toBeNull();
});

test("the worst are kept, by their distance from the truth, else by the error of the way back", () => {
  const worst = new WorstCases<EvaluatedCase>(2);
  for (const [name, metrics] of [
    ["a", { mae: 3, cycleMae: 90 }],
    ["b", { mae: 9 }],
    ["c", { cycleMae: 5 }],
    ["d", { mae: 1 }],
  ] as const)
    worst.add(judged(name, metrics));
  expect(worst.cases.map(({ name }) => name)).toEqual(["b", "c"]);
});
