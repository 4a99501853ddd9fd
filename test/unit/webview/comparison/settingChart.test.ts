import { describe, expect, it } from "vitest";
import type { DifferingSetting } from "../../../../extension/comparison/settings";
import { figureScale, settingScale } from "../../../../webview/comparison/chartScales";
import type { ComparisonRows } from "../../../../webview/comparison/comparisonRows";
import { equalSeries, settingChartOf } from "../../../../webview/comparison/settingChartData";
import { judgedAs, rowsOf } from "./runs";

const mae = { direction: "AtoB", measure: "mae" } as const;
const settingOf = ({ settings }: ComparisonRows, wanted: string): DifferingSetting =>
  settings.find(({ key }) => key === wanted)!;

describe("a chart against a setting", () => {
  const compared = rowsOf(
    [9, 3].flatMap((depth) =>
      ["store", "recompute"].flatMap((backprop) =>
        [0, 1].map(
          (seed) =>
            [
              { depth, backprop, "training.seed": seed },
              judgedAs(20 - depth + seed + (backprop === "store" ? 1 : 0)),
            ] as const,
        ),
      ),
    ),
  );

  it("has a line for each value of the second setting, from the least value of the first on, through the means", () => {
    const chart = settingChartOf(compared, {
      figure: mae,
      setting: settingOf(compared, "depth"),
      series: settingOf(compared, "backprop"),
    });
    expect(
      chart.all.map(({ index, value, lines }) => [
        index,
        value,
        lines.map((line) => line.map((point) => [point.value, point.mean, point.figures.map(({ figure }) => figure)])),
      ]),
    ).toEqual([
      [
        0,
        "recompute",
        [
          [
            [3, 17.5, [17, 18]],
            [9, 11.5, [11, 12]],
          ],
        ],
      ],
      [
        1,
        "store",
        [
          [
            [3, 18.5, [18, 19]],
            [9, 12.5, [12, 13]],
          ],
        ],
      ],
    ]);
  });

  it("keeps lines apart that differ in a third setting, and leaves out runs without the figure", () => {
    const three = rowsOf([
      [{ depth: 3, width: 8, backprop: "store" }, judgedAs(5)],
      [{ depth: 9, width: 8, backprop: "store" }, judgedAs(4)],
      [{ depth: 3, width: 16, backprop: "store" }, judgedAs(3)],
      [{ depth: 3, width: 8, backprop: "recompute" }, {}],
    ]);
    const chart = settingChartOf(three, {
      figure: mae,
      setting: settingOf(three, "depth"),
      series: settingOf(three, "backprop"),
    });
    expect(chart.all.map(({ value, lines }) => [value, lines.map((line) => line.map((point) => point.mean))])).toEqual([
      ["store", [[5, 4], [3]]],
    ]);
  });

  it("tells which series are equal, so that nobody looks for a hidden line", () => {
    const depth = settingOf(compared, "depth");
    const series = settingOf(compared, "backprop");
    const equal = (figure: "peakBytes" | typeof mae) =>
      equalSeries(settingChartOf(compared, { figure, setting: depth, series }).all).map((same) =>
        same.map(({ value }) => value),
      );
    expect(equal("peakBytes")).toEqual([["recompute", "store"]]);
    expect(equal(mae)).toEqual([]);
  });
});

describe("an axis", () => {
  const setting = (values: readonly unknown[]): DifferingSetting => ({
    key: "training.learningRate",
    name: "Learning rate",
    values,
    isNumeric: values.every((value) => typeof value === "number"),
    text: String,
  });
  const places = (values: readonly unknown[]): number[] => {
    const scale = settingScale(setting(values));
    return values.map((value) => Number(scale.place(value).toFixed(3)));
  };

  it("places numbers by their distances, those far apart by their logarithms, and words side by side", () => {
    expect(places([3, 9, 18])).toEqual([0.06, 0.412, 0.94]);
    expect(places([1e-5, 1e-4, 1e-3])).toEqual([0.06, 0.5, 0.94]);
    expect(places([0, 100])).toEqual([0.06, 0.94]);
    expect(places(["a", "b"])).toEqual([0.25, 0.75]);
    // One value that is no number makes all of them words.
    expect(places([1, 2, null])).toEqual([0.167, 0.5, 0.833]);
  });

  it("names every number that has room, and every word as far as it has", () => {
    const named = (length: number) =>
      settingScale(setting([1, 2, 3, 40]))
        .ticks(length, 70)
        .map(({ text }) => text);
    expect(named(600)).toEqual(["1", "3", "40"]);
    expect(named(2000)).toEqual(["1", "2", "3", "40"]);
    const words = settingScale(setting(["a/long/path/to/cats", "dogs"]));
    expect(words.ticks(160, 70).map(({ text }) => text)).toEqual(["a/long/pat…", "dogs"]);
  });

  it("of memory and time begins at 0; of quality where there is something", () => {
    expect(figureScale("peakBytes", [5e8, 6e8]).place(0)).toBe(0);
    expect(figureScale(mae, [19, 20]).place(19)).toBeLessThan(0.1);
  });
});
