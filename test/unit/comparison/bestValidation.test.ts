import { expect, test } from "vitest";
import type { ValidationLine } from "../../../extension/protocol/lines";
import { validationProgress } from "../../../extension/comparison/bestValidation";

const line = (step: number, there: number | null, back?: number): ValidationLine => {
  const of = (mae: number | null): { mae: number | null; psnr: number; ssim: number } => ({ mae, psnr: 1, ssim: 1 });
  return { type: "validation", step, metrics: { AtoB: of(there), ...(back === undefined ? {} : { BtoA: of(back) }) } };
};

test("the best validation has the smallest mean absolute error, the mean over the directions; of equal ones the first", () => {
  expect(validationProgress([line(10, 5, 7), line(20, 2, 9), line(30, 5.5, 5.5), line(40, 9, 2)])).toEqual({
    best: { step: 20, metric: "mae", value: 5.5 },
    since: 2,
  });
  expect(validationProgress([line(10, 5), line(20, 4)])).toEqual({
    best: { step: 20, metric: "mae", value: 4 },
    since: 0,
  });
});

test("without a validation, or without a figure, nothing is best", () => {
  expect(validationProgress([])).toEqual({ best: null, since: 0 });
  expect(validationProgress([line(1, null), line(2, null)])).toEqual({ best: null, since: 2 });
});

const apart = (step: number, distance: number, on: Partial<ValidationLine> = {}): ValidationLine => ({
  type: "validation",
  step,
  metrics: { AtoB: { slicedWasserstein: distance }, BtoA: { slicedWasserstein: distance + 2 } },
  ...on,
});

test("of unpaired pictures, the best validation has the smallest distance", () => {
  expect(validationProgress([apart(10, 8), apart(20, 5), apart(30, 6)])).toEqual({
    best: { step: 20, metric: "slicedWasserstein", value: 6 },
    since: 1,
  });
});

test("only validations on the newest one's pictures are compared, those of earlier versions among them", () => {
  const few = { split: "test", images: 8 } as const;
  const all = { split: "val", images: 40 } as const;
  expect(validationProgress([apart(10, 1, few), apart(20, 5, all), apart(30, 6, all)]).best?.step).toBe(20);
  expect(validationProgress([apart(10, 1, { ...all, images: 39 }), apart(30, 6, all)]).best?.step).toBe(30);
  expect(validationProgress([apart(10, 1), apart(30, 6, all)]).best?.step).toBe(10);
  // A figure of another kind is none.
  expect(validationProgress([line(10, 0, 0), apart(20, 5)]).best?.step).toBe(20);
});
