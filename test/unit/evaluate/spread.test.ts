import { expect, test } from "vitest";
import { fromSamples, type Picture } from "../../../extension/trainer/data/picture";
import { Spread, Spreads } from "../../../extension/trainer/evaluate/spread";

const gray = (samples: readonly number[], width = samples.length): Picture => ({
  data: fromSamples(samples, 8),
  height: samples.length / width,
  width,
  channels: 1,
  bits: 8,
  alpha: null,
});

function spreadOf(...pictures: Picture[]): number | null {
  const spread = new Spread();
  for (const picture of pictures) spread.add(picture);
  return spread.value;
}

test("the spread is the mean difference of neighbours, of 255; pictures of other sizes are compared where both have pixels", () => {
  expect(spreadOf(gray([0, 10]), gray([0, 20]), gray([6, 20]))).toBeCloseTo((5 + 3) / 2, 5);
  expect(spreadOf(gray([7, 8]), gray([7, 8]))).toBe(0);
  // 2 × 2 beside 1 × 3.
  expect(spreadOf(gray([1, 2, 3, 4], 2), gray([5, 4, 200]))).toBeCloseTo((4 + 2) / 2, 5);
  expect(spreadOf(gray([1]))).toBeNull();
});

test("translations are compared with the truths, else with the other direction's input pictures", () => {
  const [dark, light] = [gray([10]), gray([60])];
  const translated = gray([30]);
  const pairs = new Spreads();
  for (const truth of [dark, light]) pairs.add("AtoB", { input: translated, translated, truth });
  expect(pairs.figures("AtoB")).toEqual({ spread: 0, realSpread: expect.closeTo(50, 5) as number });
  const sets = new Spreads();
  for (const input of [dark, light]) sets.add("AtoB", { input, translated, truth: null });
  expect(sets.figures("AtoB")).toEqual({});
  for (const input of [dark, light]) sets.add("BtoA", { input: translated, translated: input, truth: null });
  expect(sets.figures("AtoB")).toEqual({ spread: 0, realSpread: 0 });
  expect(sets.figures("BtoA")).toMatchObject({ spread: expect.closeTo(50, 5) as number });
});
