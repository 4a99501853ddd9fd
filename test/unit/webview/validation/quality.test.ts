import { expect, test } from "vitest";
import type { ValidationLine } from "../../../../extension/protocol/lines";
import { qualityOf } from "../../../../extension/comparison/quality";
import { courseText, figureText, meaningText } from "../../../../webview/validation/qualityText";

const line = (step: number, metrics: object): ValidationLine =>
  ({ type: "validation", step, metrics }) as unknown as ValidationLine;

test("quality is the error where pairs exist; the first of equal ones is the best", () => {
  const lines = [5, 3, 3, 4].map((mae, i) =>
    line(10 * (i + 1), { AtoB: { mae, psnr: 20 + i, ssim: 0.5, constantMae: 7, slicedWasserstein: 1 } }),
  );
  expect(qualityOf(lines, "AtoB")).toEqual({
    measure: "mae",
    points: [
      { step: 10, value: 5 },
      { step: 20, value: 3 },
      { step: 30, value: 3 },
      { step: 40, value: 4 },
    ],
    first: { step: 10, value: 5 },
    latest: { step: 40, value: 4 },
    best: { step: 20, value: 3 },
    plain: 7,
    psnr: 23,
    ssim: 0.5,
    split: "val",
  });
  expect(qualityOf(lines, "BtoA")).toBeNull();
  expect(qualityOf([], "AtoB")).toBeNull();
});

test("without pairs it is the distance of the two sets, and the way back counts for nothing", () => {
  const distances = line(20, { AtoB: { slicedWasserstein: 0.12345, slicedWassersteinUntranslated: 0.5, cycleMae: 1 } });
  const quality = qualityOf([distances], "AtoB")!;
  expect(quality).toMatchObject({ measure: "slicedWasserstein", latest: { step: 20, value: 0.12345 }, plain: 0.5 });
  expect(meaningText(quality, "zebra", false)).toBe(
    "How far translations are, as a set, from real zebra (sliced Wasserstein) at step 20.",
  );
  expect(courseText(quality)).toBe("Untranslated: 0.5.");
  expect(qualityOf([line(20, { AtoB: { cycleMae: 1 } })], "AtoB")).toBeNull();
});

test("figures have three digits below one, and one after the point from there on", () => {
  expect([0.123456, 0.00012345, 1, 9.04, 1300.49].map(figureText)).toEqual([
    "0.123",
    "0.000123",
    "1.0",
    "9.0",
    "1,300.5",
  ]);
});
