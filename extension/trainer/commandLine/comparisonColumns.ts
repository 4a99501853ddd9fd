import { type Figure, figureColumn, judgedBy } from "../../comparison/figures";
import { isFraction, type Measure, measures } from "../../comparison/measures";
import type { ComparisonLine } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import type { ColumnStyle } from "./table";

/**
 * A column: two heading lines (`group` and `title`), and a cell for each row. Each cell ends with `*` where it is the column's best value,
 * else with a space.
 */
export interface Column extends ColumnStyle {
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

/** The arrow after a metric's title: ↓ where lower values are better, ↑ where higher values are. */
const arrows = { lower: "↓", higher: "↑" } as const;

/** A column of words, or of numbers that are not compared, such as step counts. */
export function wordColumn(title: string, words: readonly string[], align: Column["align"] = "left"): Column {
  return { group: "", title: align === "left" ? `${title} ` : title, align, cells: words.map((word) => `${word} `) };
}

/** Columns of what each row's runs cost and how good they are. */
export function figureColumns(rows: readonly (readonly ComparisonLine[])[]): Column[] {
  const { qualities } = judgedBy(rows.flat());
  const column = (group: string, title: string, figure: Figure, text: FigureText): Column => ({
    group,
    title,
    align: "right",
    cells: figureCells(figureColumn(rows, figure), text),
  });
  return [
    column("", "PARAMETERS", "parameters", (count) => count.toLocaleString("en")),
    column("", "PEAK", "peakBytes", formatBytes),
    column("", "S/STEP", "secondsPerStep", (seconds, mean) => seconds.toFixed(decimalsOf(mean))),
    stepsColumn(rows),
    ...qualities.map((quality, i) => {
      const { direction, measure } = quality;
      const group = qualities[i - 1]?.direction === direction ? "" : direction;
      // Digits after the point: two for errors, distances and decibels, three for fractions of 1.
      const digits = isFraction(measure) ? 3 : 2;
      return column(group, `${titles[measure]}${arrows[measures[measure]]}`, quality, (value) => value.toFixed(digits));
    }),
  ];
}

/**
 * @param mean the figure's mean, from which the digits follow; also given for a standard deviation, which so gets the digits of its mean
 */
type FigureText = (figure: number, mean: number) => string;

function figureCells({ means, best }: ReturnType<typeof figureColumn>, text: FigureText): string[] {
  return means.map((each) => {
    if (each === null) return "- ";
    const { mean, deviation } = each;
    const spread = deviation === 0 ? "" : ` ± ${text(deviation, mean)}`;
    return `${text(mean, mean)}${spread}${mean === best ? "*" : " "}`;
  });
}

/** The steps that each row's runs have taken, as a range where they differ. */
function stepsColumn(rows: readonly (readonly ComparisonLine[])[]): Column {
  const cells = rows.map((row) => {
    const steps = row.map((line) => line.steps ?? 0);
    return [...new Set([Math.min(...steps), Math.max(...steps)])].map((count) => count.toLocaleString("en")).join("–");
  });
  return wordColumn("STEPS", cells, "right");
}

/** The digits after the point with which a value has three significant digits. */
function decimalsOf(value: number): number {
  return value === 0 ? 3 : Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}
