import { type ComparisonLine, directions, type TranslationDirection } from "../protocol/lines";
import { type Better, bestOf, type Mean, type Measure, meanOf, measureNames, measures } from "./measures";

/** The costs of a run, in the order in which they are shown. */
export const costs = ["parameters", "peakBytes", "secondsPerStep"] as const;
export type Cost = (typeof costs)[number];

/** A measure of the translations' quality in one direction. */
export interface Quality {
  readonly direction: TranslationDirection;
  readonly measure: Measure;
}

/** A number by which runs are compared: a cost or a measure of quality. */
export type Figure = Cost | Quality;

/** The value of a figure for a run; null where the run has none. */
export function figureOf(line: ComparisonLine, figure: Figure): number | null {
  return typeof figure === "string" ? line[figure] : (line.metrics?.[figure.direction]?.[figure.measure] ?? null);
}

/** Whether lower or higher values of a figure are better. */
export function betterOf(figure: Figure): Better {
  return typeof figure === "string" ? "lower" : measures[figure.measure];
}

/**
 * The columns of quality in a comparison: the directions in which at least one run was evaluated, and for each the measures that at least
 * one run has.
 */
export function judgedBy(lines: readonly ComparisonLine[]): {
  readonly directions: readonly TranslationDirection[];
  readonly qualities: readonly Quality[];
} {
  const judged = directions.filter((direction) => lines.some(({ metrics }) => metrics?.[direction] !== undefined));
  return {
    directions: judged,
    qualities: judged.flatMap((direction) =>
      measureNames
        .map((measure) => ({ direction, measure }))
        .filter((quality) => lines.some((line) => figureOf(line, quality) !== null)),
    ),
  };
}

/**
 * Whether the quality of these runs is comparable: measured on one data set, and for all runs by evaluations of the test split, or for all
 * runs by validations on the same selection of pictures. Runs without measures are ignored.
 */
export function areComparable(lines: readonly ComparisonLine[]): boolean {
  const basis = ({ data, judged }: ComparisonLine): unknown[] =>
    judged?.by === "validation" ? [data, judged.by, judged.split, judged.images] : [data, judged?.by];
  return new Set(lines.filter(({ judged }) => judged != null).map((line) => JSON.stringify(basis(line)))).size <= 1;
}

/**
 * The mean of a figure over runs. Null where no run has the figure, and for a measure of quality where the runs were evaluated on different
 * pictures.
 */
export function meanFigure(lines: readonly ComparisonLine[], figure: Figure): Mean | null {
  if (typeof figure !== "string" && !areComparable(lines)) return null;
  return meanOf(lines.map((line) => figureOf(line, figure)));
}

/**
 * The column of a figure in a comparison. Each row is a run, or a group of runs for which the mean is shown. `best` is the best mean of all
 * rows; undefined where the rows are not comparable.
 */
export function figureColumn(
  rows: readonly (readonly ComparisonLine[])[],
  figure: Figure,
): { readonly means: readonly (Mean | null)[]; readonly best: number | undefined } {
  const means = rows.map((row) => meanFigure(row, figure));
  const isComparable = typeof figure === "string" || areComparable(rows.flat());
  const all = means.map((each) => each?.mean ?? null);
  return { means, best: isComparable ? bestOf(all, betterOf(figure)) : undefined };
}
