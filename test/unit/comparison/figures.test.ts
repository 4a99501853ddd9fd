import { describe, expect, it } from "vitest";
import { areComparable, betterOf, type Figure, figureColumn, judgedBy } from "../../../extension/comparison/figures";
import { bestOf, meanOf } from "../../../extension/comparison/measures";
import type { ComparisonLine } from "../../../extension/protocol/lines";

const figures = (mae: number, psnr: number | null = 20) => ({ mae, psnr, ssim: 0.5 });

const judged = (mae: number, by: "evaluation" | "validation", data = "maps"): ComparisonLine => ({
  type: "comparison",
  run: `/runs/${mae}`,
  kind: "revgan",
  parameters: 1,
  peakBytes: 1,
  secondsPerStep: mae / 10,
  data,
  metrics: { AtoB: figures(mae, mae) },
  judged: by === "evaluation" ? { by, images: 3 } : { by, step: 3 },
});

const best = (lines: readonly ComparisonLine[], figure: Figure): number | undefined =>
  figureColumn(
    lines.map((line) => [line]),
    figure,
  ).best;
const [mae, psnr] = [
  { direction: "AtoB", measure: "mae" },
  { direction: "AtoB", measure: "psnr" },
] as const;

describe("the best", () => {
  it.each([
    [[3, 1, 2], "lower", 1],
    [[3, 1, 2], "higher", 3],
    [[3, null, 2], "lower", 2],
    [[3, null], "lower", undefined],
    [[3, 3, null], "higher", undefined],
    [[3, 3, 4], "lower", 3],
    [[], "higher", undefined],
  ] as const)("of %j, better %s, is %j", (all, better, best) => expect(bestOf(all, better)).toBe(best));

  it("is lower for errors and higher for decibels", () => {
    const lines = [judged(3, "evaluation"), judged(1, "evaluation")];
    expect([best(lines, mae), best(lines, psnr), best(lines, { direction: "BtoA", measure: "mae" })]).toEqual([
      1,
      3,
      undefined,
    ]);
    expect([betterOf("peakBytes"), betterOf(psnr)]).toEqual(["lower", "higher"]);
  });

  it("is not told of figures of different pictures", () => {
    expect(areComparable([judged(3, "evaluation"), judged(1, "validation")])).toBe(false);
    const others = [judged(3, "evaluation"), judged(1, "evaluation", "facades")];
    expect([best(others, mae), best(others, "secondsPerStep")]).toEqual([undefined, 0.1]);
    const few: ComparisonLine = {
      ...judged(2, "validation"),
      judged: { by: "validation", step: 3, split: "val", images: 8 },
    };
    expect(areComparable([few, judged(1, "validation")])).toBe(false);
    expect(areComparable([few, { ...few, metrics: null }])).toBe(true);
    // Who was not judged is in nobody's way.
    expect(
      best(
        [judged(3, "validation"), { ...judged(2, "validation"), metrics: null, judged: null }, judged(1, "validation")],
        mae,
      ),
    ).toBe(1);
  });

  it("has columns for what some run was judged by", () => {
    const more: ComparisonLine = {
      ...judged(1, "evaluation"),
      metrics: { BtoA: { ...figures(1), classIoU: 0.3, cycleMae: null } },
    };
    const { directions, qualities } = judgedBy([judged(1, "evaluation"), more]);
    expect(directions).toEqual(["AtoB", "BtoA"]);
    expect(qualities.map(({ direction, measure }) => `${direction}.${measure}`)).toEqual([
      "AtoB.mae",
      "AtoB.psnr",
      "AtoB.ssim",
      "BtoA.mae",
      "BtoA.psnr",
      "BtoA.ssim",
      "BtoA.classIoU",
    ]);
    const distance: ComparisonLine = {
      ...more,
      metrics: { AtoB: { mae: null, slicedWasserstein: 4, slicedWassersteinUntranslated: 9 } },
    };
    expect(judgedBy([distance]).qualities).toEqual([{ direction: "AtoB", measure: "slicedWasserstein" }]);
    expect(judgedBy([{ ...more, metrics: null }]).directions).toEqual([]);
  });
});

describe("the mean of several runs", () => {
  it("has the deviation of a sample, none of a single or of equal figures, and leaves out what is not known", () => {
    expect(meanOf([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13) });
    expect(meanOf([0.1, 0.1, null, 0.1])).toEqual({ mean: 0.1, deviation: 0 });
    expect(meanOf([7])).toEqual({ mean: 7, deviation: 0 });
    expect(meanOf([null])).toBeNull();
  });

  it("is what rows are compared by, and is not taken over figures of different pictures", () => {
    const rows = [[judged(1, "evaluation"), judged(5, "evaluation")], [judged(2, "evaluation")]];
    expect(figureColumn(rows, mae)).toEqual({
      means: [
        { mean: 3, deviation: Math.sqrt(8) },
        { mean: 2, deviation: 0 },
      ],
      best: 2,
    });
    const mixed = [judged(1, "evaluation"), judged(5, "validation")];
    expect(figureColumn([mixed], mae).means).toEqual([null]);
    expect(figureColumn([mixed], "secondsPerStep").means[0]?.mean).toBeCloseTo(0.3);
  });
});
