import { describe, expect, it } from "vitest";
import {
  againstCosts,
  type ChartChoice,
  chartChoice,
  nothingWanted,
  type WantedChart,
} from "../../../../webview/comparison/chartChoice";
import { nothingCompared } from "../../../../webview/comparison/comparisonRows";
import { judgedAs, rowsOf } from "./runs";

const grid = (keys: Readonly<Record<string, readonly unknown[]>>, line = judgedAs(9)) =>
  rowsOf(
    Object.entries(keys)
      .reduce<Record<string, unknown>[]>(
        (all, [key, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [key]: value }))),
        [{}],
      )
      .map((values) => [values, line] as const),
  );

const wanted = (part: Partial<WantedChart>): WantedChart => ({ ...nothingWanted, ...part });

const keys = ({ setting, chosenSeries, series, against }: ChartChoice) => ({
  setting: setting?.key ?? null,
  chosenSeries: chosenSeries?.key ?? null,
  series: series.map(({ key }) => key),
  against: against.map(({ key }) => key),
});

describe("what figures are shown against", () => {
  it("is first a number with many values, and a second setting has the lines", () => {
    const two = grid({ backprop: ["store", "recompute"], width: [8, 16], depth: [3, 9, 18] });
    expect(keys(chartChoice(two, nothingWanted))).toEqual({
      setting: "depth",
      chosenSeries: "backprop",
      series: ["backprop", "width"],
      against: ["backprop", "width", "depth"],
    });
    expect(keys(chartChoice(two, wanted({ against: "backprop", series: "depth" })))).toMatchObject({
      setting: "backprop",
      chosenSeries: "depth",
      series: ["width", "depth"],
    });
    // What is across has no lines.
    expect(keys(chartChoice(two, wanted({ against: "width", series: "width" })))).toMatchObject({
      setting: "width",
      chosenSeries: "backprop",
    });
  });

  it("may be the costs, while rows keep the signs of their lines", () => {
    const two = grid({ depth: [3, 9], backprop: ["store", "recompute"] });
    expect(keys(chartChoice(two, wanted({ against: againstCosts })))).toMatchObject({
      setting: null,
      chosenSeries: "backprop",
    });
    const one = rowsOf([
      [{ depth: 3, width: 8 }, judgedAs(9)],
      [{ depth: 9, width: 16 }, judgedAs(8)],
    ]);
    expect(keys(chartChoice(one, nothingWanted))).toEqual({
      setting: null,
      chosenSeries: null,
      series: [],
      against: [],
    });
  });

  it("falls back on what there is when other runs are compared", () => {
    const one = grid({ width: [8, 16] });
    expect(keys(chartChoice(one, wanted({ against: "depth", series: "backprop" })))).toEqual({
      setting: "width",
      chosenSeries: null,
      series: [],
      against: ["width"],
    });
    expect(chartChoice(nothingCompared, nothingWanted)).toMatchObject({ figure: null, setting: null });
  });
});

describe("what is shown", () => {
  const mixed = rowsOf([
    [{ depth: 3 }, judgedAs(9, { psnr: 20 })],
    [{ depth: 9 }, judgedAs(8, { ssim: 0.5 }, false)],
    [{ depth: 18 }, { steps: 0, peakBytes: null, secondsPerStep: null }],
  ]);

  it("is against a setting what all judged runs have, and what all runs with a step cost", () => {
    const { measures, directions, figure } = chartChoice(mixed, nothingWanted);
    expect({ measures, directions, figure }).toEqual({
      measures: ["mae", "peakBytes", "secondsPerStep"],
      directions: ["AtoB"],
      figure: { direction: "AtoB", measure: "mae" },
    });
  });

  it("is against costs every figure of quality that some run has", () => {
    const { measures, directions } = chartChoice(mixed, wanted({ against: againstCosts, measure: "peakBytes" }));
    expect({ measures, directions }).toEqual({ measures: ["mae", "psnr", "ssim"], directions: ["AtoB", "BtoA"] });
  });

  it("is the wanted figure, else the measure in the other direction, else another in the same", () => {
    const figureFor = (part: Partial<WantedChart>) => chartChoice(mixed, wanted(part)).figure;
    expect(figureFor({ measure: "mae", direction: "BtoA" })).toEqual({ direction: "AtoB", measure: "mae" });
    expect(figureFor({ measure: "psnr" })).toEqual({ direction: "AtoB", measure: "mae" });
    expect(figureFor({ measure: "secondsPerStep" })).toBe("secondsPerStep");
    expect(figureFor({ measure: "psnr", direction: "BtoA", against: againstCosts })).toEqual({
      direction: "BtoA",
      measure: "psnr",
    });
  });

  it("is memory where nothing was judged, and nothing where no step was taken", () => {
    expect(chartChoice(grid({ depth: [3, 9] }, {}), nothingWanted)).toMatchObject({
      figure: "peakBytes",
      directions: [],
    });
    expect(
      chartChoice(grid({ depth: [3, 9] }, { steps: 0, peakBytes: null, secondsPerStep: null }), nothingWanted).figure,
    ).toBeNull();
  });
});
