import { areComparable, bestQuality, judgedBy, qualityOf } from "../../comparison/comparisonLine";
import type { ComparisonLine } from "../../protocol/lines";
import { bestOf, isFraction, type Measure, measures } from "../../comparison/measures";
import { runNames } from "../../comparison/runNames";
import { formatBytes } from "../formatBytes";
import { tableLines } from "./table";

/** A column: its two lines of heading, and a cell for each run. */
interface Column {
  readonly group: string;
  readonly title: string;
  readonly cells: readonly string[];
}

const titles: Readonly<Record<Measure, string>> = {
  mae: "MAE",
  psnr: "PSNR",
  ssim: "SSIM",
  pixelAccuracy: "PIXELS",
  classAccuracy: "CLASSES",
  classIoU: "IOU",
  slicedWasserstein: "WASSERSTEIN",
  cycleMae: "CYCLE MAE",
};

/** Follows a metric's title: ↓ where lower values are better, ↑ where higher ones are. */
const arrows = { lower: "↓", higher: "↑" } as const;

/**
 * A table for people: a row for each run, the best value of a column marked with `*`; below it, which pictures each run was
 * judged on.
 */
export function comparisonTable(lines: readonly ComparisonLine[]): string[] {
  const names = runNames(lines.map(({ run }) => run));
  const { directions, qualities } = judgedBy(lines);
  const columns: Column[] = [
    wordColumn("RUN", names),
    wordColumn(
      "KIND",
      lines.map(({ kind }) => kind),
    ),
    costColumn(
      "PARAMETERS",
      lines.map(({ parameters }) => parameters),
      (count) => count.toLocaleString("en"),
    ),
    costColumn(
      "PEAK",
      lines.map(({ peakBytes }) => peakBytes),
      formatBytes,
    ),
    costColumn(
      "S/STEP",
      lines.map(({ secondsPerStep }) => secondsPerStep),
      (seconds) => seconds.toPrecision(3),
    ),
    { group: "", title: "STEPS", cells: lines.map(({ steps = 0 }) => `${steps.toLocaleString("en")} `) },
    ...qualities.map(({ direction, measure }, i): Column => {
      const figures = lines.map((line) => qualityOf(line, direction, measure));
      const best = bestQuality(lines, direction, measure);
      const group = qualities[i - 1]?.direction === direction ? "" : direction;
      return {
        group,
        title: `${titles[measure]}${arrows[measures[measure]]}`,
        cells: figures.map((figure) => markedIfBest(figure, best, (value) => value.toFixed(digitsOf(measure)))),
      };
    }),
  ];
  const table = tableLines(
    [
      ...(directions.length === 0 ? [] : [columns.map(({ group }) => `${group} `)]),
      columns.map(({ title }) => `${title} `),
      ...lines.map((_, i) => columns.map(({ cells }) => cells[i]!)),
    ],
    [{ align: "left" }, { align: "left" }, { align: "right" }],
    " ",
  );
  return [...table, "", ...evaluationNotes(lines, names)];
}

/** A column of words, each followed by a space where `markedIfBest` puts the mark or a space behind numbers. */
function wordColumn(title: string, words: readonly string[]): Column {
  return { group: "", title: `${title} `, cells: words.map((word) => `${word} `) };
}

/** A column in which less is better. */
function costColumn(title: string, figures: readonly (number | null)[], text: (figure: number) => string): Column {
  const best = bestOf(figures, "lower");
  return { group: "", title, cells: figures.map((figure) => markedIfBest(figure, best, text)) };
}

/** Every number is followed by the mark or a space, so that digits are aligned. */
function markedIfBest(figure: number | null, best: number | undefined, text: (figure: number) => string): string {
  return `${figure === null ? "-" : text(figure)}${figure !== null && figure === best ? "*" : " "}`;
}

/** Hundredths for errors, distances and decibels, thousandths for fractions of 1. */
function digitsOf(measure: Measure): number {
  return isFraction(measure) ? 3 : 2;
}

/** Which runs were evaluated on the test pictures, which only validated, and which neither. */
function evaluationNotes(lines: readonly ComparisonLine[], names: readonly string[]): string[] {
  const named = (by: "evaluation" | "validation" | null): string[] =>
    names.filter((_, i) => (lines[i]!.judged?.by ?? null) === by);
  const [evaluated, validated, unjudged] = [named("evaluation"), named("validation"), named(null)];
  return [
    ...(lines.length > 1
      ? [
          `* the best${areComparable(lines) ? "" : ", of what the runs cost alone: their figures of quality are of different pictures"}`,
        ]
      : []),
    ...(evaluated.length > 0 ? [`On the test pictures: ${evaluated.join(", ")}`] : []),
    ...(validated.length > 0
      ? [`At the last validation (\`revgan evaluate --run RUN\` judges on the test pictures): ${validated.join(", ")}`]
      : []),
    ...(unjudged.length > 0 ? [`Not judged yet (\`revgan evaluate --run RUN\` does it): ${unjudged.join(", ")}`] : []),
  ];
}
