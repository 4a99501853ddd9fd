import { type Cost, type Figure, figureOf, judgedBy, type Quality } from "../../extension/comparison/figures";
import { type Measure, measureNames } from "../../extension/comparison/measures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import { directions, type TranslationDirection } from "../../extension/protocol/lines";
import type { ComparisonRows } from "./comparisonRows";

/** The user's choices so far; null where none was made. The runs compared now may lack what was chosen. */
export interface WantedChart {
  readonly measure: Measure | Cost | null;
  readonly direction: TranslationDirection;
  /** The x axis: a setting's key, or {@link againstCosts}. */
  readonly against: string | null;
  /** The key of the setting that has a line for each of its values. */
  readonly series: string | null;
}

export const nothingWanted: WantedChart = { measure: null, direction: "AtoB", against: null, series: null };

/** The value of `against` that means the charts against parameters, memory and time. */
export const againstCosts = "costs";

/** The costs that, like measures of quality, can be shown against a setting. */
export const chartedCosts = ["peakBytes", "secondsPerStep"] as const satisfies readonly Cost[];

/** The selection that the charts show, and the options from which the user may choose. */
export interface ChartChoice {
  readonly measures: readonly (Measure | Cost)[];
  readonly directions: readonly TranslationDirection[];
  readonly against: readonly DifferingSetting[];
  readonly series: readonly DifferingSetting[];
  /** The figure on the y axis; null where there is nothing to show. */
  readonly figure: Figure | null;
  /** The setting on the x axis; null for the charts against costs. */
  readonly setting: DifferingSetting | null;
  /** The setting whose values have a line each; in the charts against costs it decides the rows' colours and shapes. Null for none. */
  readonly chosenSeries: DifferingSetting | null;
}

/** Takes each wanted option that the compared runs offer, and a default for each that they lack. */
export function chartChoice(compared: ComparisonRows, wanted: WantedChart): ChartChoice {
  const { settings, swept } = compared;
  const across = swept.find(({ key }) => key === wanted.against) ?? preferred(swept);
  const setting = wanted.against === againstCosts ? null : across;
  const series = across === null ? [] : settings.filter((each) => each !== across);
  const chosenSeries =
    series.find(({ key }) => key === wanted.series) ?? series.find((each) => swept.includes(each)) ?? series[0] ?? null;
  const figures = figuresFor(compared, setting !== null);
  const qualities = figures.filter((each): each is Quality => typeof each !== "string");
  const figure = nearest(figures, wanted);
  return {
    measures: [
      ...measureNames.filter((name) => qualities.some(({ measure }) => measure === name)),
      ...figures.filter((each) => typeof each === "string"),
    ],
    directions:
      figure === null || typeof figure === "string"
        ? []
        : directions.filter((name) => qualities.some(({ direction }) => direction === name)),
    against: swept,
    series,
    figure,
    setting,
    chosenSeries,
  };
}

/** The default setting for the x axis: a numeric one before others, then the one with most values; null without settings. */
function preferred(settings: readonly DifferingSetting[]): DifferingSetting | null {
  const rank = ({ isNumeric, values }: DifferingSetting): number => (isNumeric ? 1e6 : 0) + values.length;
  return settings.reduce<DifferingSetting | null>(
    (best, each) => (best === null || rank(each) > rank(best) ? each : best),
    null,
  );
}

/**
 * The figures to choose from. Against a setting: qualities that all runs with any quality have, and costs that all runs with a step have;
 * runs without any are ignored, so that they do not remove a figure. Against costs: every quality that some run has.
 */
function figuresFor({ lines }: ComparisonRows, isAgainstSetting: boolean): Figure[] {
  const { qualities } = judgedBy(lines);
  if (!isAgainstSetting) return [...qualities];
  const judged = lines.filter(({ metrics }) => metrics !== null);
  const common = qualities.filter((quality) => judged.every((line) => figureOf(line, quality) !== null));
  const stepped = lines.filter(({ steps }) => (steps ?? 0) > 0);
  return [
    ...common,
    ...chartedCosts.filter((cost) => stepped.length > 0 && stepped.every((line) => line[cost] !== null)),
  ];
}

/** The wanted figure, else the same measure in the other direction, else another measure in the same direction, else the first. */
function nearest(figures: readonly Figure[], { measure, direction }: WantedChart): Figure | null {
  const wanted = [
    (figure: Figure) => typeof figure !== "string" && figure.measure === measure && figure.direction === direction,
    (figure: Figure) => (typeof figure === "string" ? figure : figure.measure) === measure,
    (figure: Figure) => typeof figure !== "string" && figure.direction === direction,
  ];
  for (const holds of wanted) {
    const found = figures.find(holds);
    if (found !== undefined) return found;
  }
  return figures[0] ?? null;
}
