import { costs, type Figure, figureColumn, judgedBy, meanFigure } from "../../extension/comparison/figures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import type { ComparisonLine, TranslationDirection } from "../../extension/protocol/lines";
import { wholeNumber } from "../panel/runText";
import { h } from "../ui/element";
import { t } from "../ui/text";
import type { ComparisonRows, ReadRun } from "./comparisonRows";
import {
  betterText,
  costTitle,
  directionTitle,
  evaluatedOnText,
  figureText,
  kindTitle,
  measureTitle,
  settingText,
} from "./comparisonText";

/** The runs of one table row: a single run, several that differ only in their seed, or one of those. */
export interface ShownRuns {
  readonly runs: readonly [ReadRun, ...ReadRun[]];
  /** Whether the row's values take part in the search for the best; false for a single run of several. */
  readonly isCompared: boolean;
}

/** A column of the comparison table, after the column with the runs' names. */
export interface Column {
  /** The direction whose heading the column stands under; null for none. */
  readonly direction: TranslationDirection | null;
  readonly title: string;
  readonly hint: string | null;
  /** CSS classes of all cells of the column. */
  readonly look: string | null;
  /** Makes the content of the column's cell in a row. */
  readonly cell: (row: ShownRuns) => Cell;
}

export interface Cell {
  readonly content: readonly (Node | string | null)[];
  /** The exact value, if the cell shows a figure. */
  readonly value?: number;
  readonly isBest?: boolean;
}

/** The table's columns. @param evaluate called with the id of a run that the user wants to evaluate on its test pictures */
export function columnsOf(
  { settings, rows, lines }: Pick<ComparisonRows, "settings" | "rows" | "lines">,
  evaluate: (run: string) => void,
): Column[] {
  const { qualities } = judgedBy(lines);
  const compared = rows.map((row) => row.lines);
  const figures = (figure: Figure, title: string, look: string | null, hint: string | null = null): Column => ({
    direction: typeof figure === "string" ? null : figure.direction,
    title,
    hint,
    look,
    cell: figureCells(figure, figureColumn(compared, figure).best),
  });
  const network: Column = {
    ...wordColumn(t("Network"), "comparison-word"),
    cell: ({ runs: [{ line }] }) => ({ content: [kindTitle(line.kind)] }),
  };
  return [
    ...settings.map(settingColumn),
    ...qualities.map((quality, i) =>
      figures(
        quality,
        measureTitle(quality.measure),
        qualities[i - 1]?.direction === quality.direction ? null : "comparison-first",
        betterText(quality),
      ),
    ),
    // These columns come after the qualities, so that in a narrow panel the qualities are beside the name and visible without scrolling.
    {
      ...wordColumn(t("Evaluated on"), "comparison-word comparison-judged"),
      cell: ({ runs }) => ({
        content: [evaluatedOnText(linesOf(runs)), runs.length === 1 ? evaluationButton(runs[0], evaluate) : null],
      }),
    },
    ...(settings.some(({ key }) => key === "network.kind") ? [] : [network]),
    ...costs.map((cost) => figures(cost, costTitle(cost), null)),
    { ...wordColumn(t("Steps"), null), cell: ({ runs }) => ({ content: [stepsText(linesOf(runs))] }) },
  ];
}

function linesOf(runs: readonly ReadRun[]): ComparisonLine[] {
  return runs.map(({ line }) => line);
}

function wordColumn(title: string, look: string | null): Omit<Column, "cell"> {
  return { direction: null, title, hint: null, look };
}

function settingColumn(setting: DifferingSetting): Column {
  return {
    ...wordColumn(setting.name, setting.isNumeric ? "comparison-setting" : "comparison-setting comparison-word"),
    hint: setting.key,
    cell: ({ runs: [{ line }] }) => ({ content: [settingText(setting, line.settings?.[setting.key])] }),
  };
}

/** Makes the cells of a figure's column. The best value is emphasised, also for screen readers. */
function figureCells(figure: Figure, best: number | undefined): Column["cell"] {
  return ({ runs, isCompared }) => {
    const mean = meanFigure(linesOf(runs), figure);
    if (mean === null) return { content: ["–"] };
    const isBest = isCompared && mean.mean === best;
    const mark = isBest ? h("span", { class: "visually-hidden" }, ` ${t("(best)")}`) : null;
    return { content: [figureText(figure, mean), mark], value: mean.mean, isBest };
  };
}

function evaluationButton({ id, name, canEvaluate }: ReadRun, evaluate: (run: string) => void): HTMLElement | null {
  if (!canEvaluate) return null;
  return h(
    "button",
    {
      type: "button",
      class: "chart-action comparison-evaluate",
      "aria-label": t("Evaluate {0}", name),
      onClick: () => evaluate(id),
    },
    t("Evaluate"),
  );
}

/** The number of steps; a range where the runs of the row have taken different numbers. */
function stepsText(lines: readonly ComparisonLine[]): string {
  const steps = lines.map((line) => line.steps ?? 0);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  return least === most ? wholeNumber(least) : t("{0} to {1}", wholeNumber(least), wholeNumber(most));
}

/** The table's head: the columns' names, and in a row above them the directions' names. */
export function headOf(columns: readonly Column[]): HTMLElement {
  const hasDirections = columns.some(({ direction }) => direction !== null);
  const plain = (name: string, look: string | null, hint: string | null = null): HTMLElement =>
    h("th", { scope: "col", rowspan: hasDirections ? 2 : 1, class: look, title: hint }, name);
  const first = columns.flatMap(({ direction, title, look, hint }, i) => {
    if (direction === null) return [plain(title, look, hint)];
    if (columns[i - 1]?.direction === direction) return [];
    const colspan = columns.filter((each) => each.direction === direction).length;
    return [h("th", { scope: "colgroup", colspan, class: "comparison-first" }, directionTitle(direction))];
  });
  const second = columns
    .filter(({ direction }) => direction !== null)
    .map(({ title, look, hint }) => h("th", { scope: "col", class: look, title: hint }, title));
  return h(
    "thead",
    {},
    h("tr", {}, plain(t("Run"), "comparison-word"), ...first),
    ...(hasDirections ? [h("tr", {}, ...second)] : []),
  );
}
