import { h } from "../ui/element";
import { t } from "../ui/text";
import { indexAfter, indexAtLeast, type Numbers } from "../../extension/charts/search";
import { lossText, stepText } from "./plot/numbers";
import type { ChartCurve } from "./legend";
import type { Extent } from "../../extension/charts/ticks";

/** The most rows of a table. The CSV file has all steps. */
const maxRows = 200;
/** Milliseconds between two updates of the table: faster changes could not be read. */
const updateInterval = 1000;

/** The values of a chart as a table. Rows are rendered only while the table is open. */
export class ChartTable {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  private shown: { curves: readonly ChartCurve[]; x: Extent } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly title: string) {
    // A scrollable region must be focusable, so that the keyboard can scroll it.
    this.element = h("div", {
      id: `table-${++tables}`,
      class: "chart-table",
      role: "region",
      tabindex: 0,
      "aria-label": t("{0}: table", title),
      hidden: true,
    });
    const label = t("Table");
    this.button = h(
      "button",
      {
        type: "button",
        class: "chart-action",
        "aria-expanded": "false",
        "aria-controls": this.element.id,
        "aria-label": t("{0}: table", title),
        onClick: () => this.flip(),
      },
      label,
    );
  }

  /** Shows curves over a range of steps, at most once a second. */
  update(curves: readonly ChartCurve[], x: Extent): void {
    this.shown = { curves, x };
    if (this.element.hidden || this.timer !== undefined) return;
    this.fill();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.element.hidden) this.fill();
    }, updateInterval);
  }

  private flip(): void {
    this.element.hidden = !this.element.hidden;
    this.button.setAttribute("aria-expanded", String(!this.element.hidden));
    if (!this.element.hidden) this.fill();
  }

  private fill(): void {
    const steps = this.shown?.curves[0]?.curve.steps;
    if (this.shown === undefined || steps === undefined) {
      this.element.replaceChildren();
      return;
    }
    const { curves, x } = this.shown;
    const { indices, of } = tableRows(steps, x, maxRows);
    const caption =
      indices.length === of
        ? t("{0}: all {1} steps that the chart shows", this.title, stepText(of))
        : t(
            "{0}: {1} steps, evenly taken from the {2} that the chart shows",
            this.title,
            stepText(indices.length),
            stepText(of),
          );
    const head = h(
      "tr",
      {},
      h("th", { scope: "col" }, t("Step")),
      ...curves.map(({ label }) => h("th", { scope: "col" }, label)),
    );
    const rows = indices.map((index) => {
      const step = steps[index]!;
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, stepText(step)),
        ...curves.map((one) => h("td", {}, lossText(valueAtStep(one, step)))),
      );
    });
    this.element.replaceChildren(
      h("table", {}, h("caption", {}, h("span", {}, caption)), h("thead", {}, head), h("tbody", {}, ...rows)),
    );
  }
}

let tables = 0;

/** A curve's value at exactly this step; undefined where a compared run lacks the step. */
function valueAtStep({ curve }: ChartCurve, step: number): number | undefined {
  const index = indexAtLeast(curve.steps, step);
  return curve.steps[index] === step ? curve.raw[index] : undefined;
}

/**
 * The table's rows, as indices into `steps`: all steps in the range, or `most` evenly spaced ones with the first and the last.
 * `of` is the number of steps in the range.
 */
export function tableRows(steps: Numbers, range: Extent, most: number): { indices: number[]; of: number } {
  const from = indexAtLeast(steps, range.min);
  const of = indexAfter(steps, range.max, from) - from;
  const count = Math.min(of, most);
  return {
    indices: Array.from(
      { length: count },
      (_, row) => from + (count < 2 ? 0 : Math.round((row * (of - 1)) / (count - 1))),
    ),
    of,
  };
}
