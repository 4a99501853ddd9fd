import { costs, figureColumn, figureOf, judgedBy, type Quality } from "../../extension/comparison/figures";
import type { ComparisonLine, TranslationDirection } from "../../extension/protocol/lines";
import { bestOf } from "../../extension/comparison/measures";
import { wholeNumber } from "../panel/runText";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { type ComparedRun, linesOf } from "./comparedRuns";
import { tableMarker } from "./runMarkers";
import {
  costText,
  costTitle,
  directionTitle,
  evaluatedOnText,
  kindTitle,
  betterText,
  measureText,
  measureTitle,
} from "./comparisonText";

/** The runs with their costs and their qualities in each direction, as a table. */
export class ComparisonTable {
  private readonly table = h("table", { class: "comparison-table" });
  private readonly rows = new Map<string, HTMLElement>();
  /** @param evaluate called to evaluate a run on its test pictures */
  constructor(private readonly evaluate: (run: string) => void) {}

  /** May be wider than the view: focusable, so that the keyboard can scroll it. */
  readonly element = h(
    "div",
    { class: "comparison-scroll", role: "region", tabindex: 0, "aria-label": t("Compared runs") },
    this.table,
  );

  show(entries: readonly ComparedRun[]): void {
    const lines = linesOf(entries);
    const { directions, qualities } = judgedBy(lines);
    this.rows.clear();
    for (const entry of entries) this.rows.set(entry.id, rowOf(entry, lines, qualities, this.evaluationButton(entry)));
    this.table.replaceChildren(headOf(directions, qualities), h("tbody", {}, ...this.rows.values()));
  }

  private evaluationButton({ id, name, canEvaluate }: ComparedRun): HTMLElement | null {
    if (!canEvaluate) return null;
    return h(
      "button",
      {
        type: "button",
        class: "chart-action comparison-evaluate",
        "aria-label": t("Evaluate {0}", name),
        onClick: () => this.evaluate(id),
      },
      t("Evaluate"),
    );
  }

  /** Highlights the row of the run that is selected in the charts; null for none. */
  mark(id: string | null): void {
    for (const [each, row] of this.rows) row.classList.toggle("comparison-looked", each === id);
  }
}

function headOf(directions: readonly TranslationDirection[], qualities: readonly Quality[]): HTMLElement {
  const plain = (name: string, look: string | null = null): HTMLElement =>
    h("th", { scope: "col", rowspan: directions.length === 0 ? 1 : 2, class: look }, name);
  // These columns come after the qualities, which thus stand beside the name and stay in sight in a narrow panel.
  const last = [
    plain(t("Evaluated on"), "comparison-word comparison-judged"),
    plain(t("Network"), "comparison-word"),
    ...costs.map((cost) => plain(costTitle(cost))),
    plain(t("Steps")),
  ];
  const groups = directions.map((direction) =>
    h(
      "th",
      {
        scope: "colgroup",
        colspan: qualities.filter((each) => each.direction === direction).length,
        class: "comparison-first",
      },
      directionTitle(direction),
    ),
  );
  const measureRow = qualities.map(({ direction, measure }, i) =>
    h(
      "th",
      {
        scope: "col",
        class: qualities[i - 1]?.direction === direction ? null : "comparison-first",
        title: betterText(measure),
      },
      measureTitle(measure),
    ),
  );
  return h(
    "thead",
    {},
    h("tr", {}, plain(t("Run"), "comparison-word"), ...groups, ...last),
    ...(directions.length === 0 ? [] : [h("tr", {}, ...measureRow)]),
  );
}

/** @param evaluation the button that evaluates the run; null if it is evaluated already, or cannot be */
function rowOf(
  entry: ComparedRun,
  lines: readonly ComparisonLine[],
  quality: readonly Quality[],
  evaluation: HTMLElement | null,
): HTMLElement {
  const { line, number, name, problem, id } = entry;
  const head = h(
    "th",
    { scope: "row", title: id },
    h(
      "span",
      { class: "comparison-run" },
      tableMarker(entry),
      h("span", { class: "comparison-number" }, String(number)),
      name,
    ),
  );
  if (line === null)
    return h(
      "tr",
      {},
      head,
      h(
        "td",
        { class: "comparison-word comparison-problem", colspan: 3 + costs.length + quality.length },
        problem ?? "",
      ),
    );
  return h(
    "tr",
    {},
    head,
    ...quality.map(({ direction, measure }, i) => {
      const cell = figureCell(
        figureOf(line, { direction, measure }),
        figureColumn(
          lines.map((each) => [each]),
          { direction, measure },
        ).best,
        (value) => measureText(measure, value),
      );
      cell.classList.toggle("comparison-first", quality[i - 1]?.direction !== direction);
      return cell;
    }),
    h("td", { class: "comparison-word comparison-judged" }, evaluatedOnText(line), evaluation),
    h("td", { class: "comparison-word" }, kindTitle(line.kind)),
    ...costs.map((cost) =>
      figureCell(
        line[cost],
        bestOf(
          lines.map((each) => each[cost]),
          "lower",
        ),
        (value) => costText(cost, value),
      ),
    ),
    h("td", {}, wholeNumber(line.steps ?? 0)),
  );
}

/** A cell; the best value is emphasised, also for screen readers. */
function figureCell(value: number | null, best: number | undefined, text: (value: number) => string): HTMLElement {
  if (value === null) return h("td", {}, "–");
  if (value !== best) return h("td", { "data-figure": value }, text(value));
  return h(
    "td",
    { "data-figure": value, class: "comparison-best" },
    text(value),
    h("span", { class: "visually-hidden" }, ` ${t("(best)")}`),
  );
}
