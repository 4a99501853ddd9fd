import { type Cost, type Figure, figureOf, judgedBy, type Quality } from "../../extension/comparison/figures";
import { type Measure, measureNames } from "../../extension/comparison/measures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import { directions, type TranslationDirection } from "../../extension/protocol/lines";
import type { ComparisonRows } from "./comparisonRows";

/** What the user has chosen so far; null for nothing yet. Other runs may not be able to show it. */
export interface WantedChart {
  readonly measure: Measure | Cost | null;
  readonly direction: TranslationDirection;
  /** A setting's key, or the costs. */
  readonly against: string | null;
  /** A setting's key. */
  readonly series: string | null;
}

export const nothingWanted: WantedChart = { measure: null, direction: "AtoB", against: null, series: null };

/** Stands for the charts against parameters, memory and time. */
export const againstCosts = "costs";

/** What can be shown against a setting beside quality. */
export const chartedCosts = ["peakBytes", "secondsPerStep"] as const satisfies readonly Cost[];

/** What the charts show, and what the user may choose instead. */
export interface ChartChoice {
  readonly measures: readonly (Measure | Cost)[];
  readonly directions: readonly TranslationDirection[];
  readonly against: readonly DifferingSetting[];
  readonly series: readonly DifferingSetting[];
  /** Null where there is nothing to show. */
  readonly figure: Figure | null;
  /** Null for the charts against costs. */
  readonly setting: DifferingSetting | null;
  /** Also the colours and shapes of rows in the charts against costs. Null for none. */
  readonly chosenSeries: DifferingSetting | null;
}

/** What is wanted, as far as the runs have it; else what they have. */
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

/** Numbers before words, and many values before few. */
function preferred(settings: readonly DifferingSetting[]): DifferingSetting | null {
  const rank = ({ isNumeric, values }: DifferingSetting): number => (isNumeric ? 1e6 : 0) + values.length;
  return settings.reduce<DifferingSetting | null>(
    (best, each) => (best === null || rank(each) > rank(best) ? each : best),
    null,
  );
}

/**
 * Against a setting, what all runs have that have such figures at all: who was not judged yet, or has taken no step, is in nobody's way.
 * Against costs, every figure of quality that some run has.
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
