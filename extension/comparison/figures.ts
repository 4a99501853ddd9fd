import { type ComparisonLine, directions, type TranslationDirection } from "../protocol/lines";
import { type Better, bestOf, type Mean, type Measure, meanOf, measureNames, measures } from "./measures";

/** What a run costs, in the order in which it is shown. */
export const costs = ["parameters", "peakBytes", "secondsPerStep"] as const;
export type Cost = (typeof costs)[number];

/** A figure of quality. */
export interface Quality {
  readonly direction: TranslationDirection;
  readonly measure: Measure;
}

/** What runs are compared by. */
export type Figure = Cost | Quality;

/** Null where the run has none. */
export function figureOf(line: ComparisonLine, figure: Figure): number | null {
  return typeof figure === "string" ? line[figure] : (line.metrics?.[figure.direction]?.[figure.measure] ?? null);
}

/** Whether less or more of it is better. */
export function betterOf(figure: Figure): Better {
  return typeof figure === "string" ? "lower" : measures[figure.measure];
}

/** The directions that some of the runs were judged in, and in each the measures that some of them have: what a comparison has columns for. */
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
 * Whether the measures are comparable: of one data set, and all from evaluations of the test split or all from validations on the same
 * choice of pictures. Runs without measures are ignored.
 */
export function areComparable(lines: readonly ComparisonLine[]): boolean {
  const basis = ({ data, judged }: ComparisonLine): unknown[] =>
    judged?.by === "validation" ? [data, judged.by, judged.split, judged.images] : [data, judged?.by];
  return new Set(lines.filter(({ judged }) => judged != null).map((line) => JSON.stringify(basis(line)))).size <= 1;
}

/** The mean of a figure over runs; null where none has it, and of a measure where they were judged on different pictures. */
export function meanFigure(lines: readonly ComparisonLine[], figure: Figure): Mean | null {
  if (typeof figure !== "string" && !areComparable(lines)) return null;
  return meanOf(lines.map((line) => figureOf(line, figure)));
}

/**
 * A figure in the rows of a comparison, each of which is a run, or several whose mean it shows; and the best of the rows, undefined where
 * nothing can be compared.
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
