import { h } from "../ui/element";
import { t } from "../ui/text";
import { indexAtLeast } from "./plot/decimate";
import { lossText, stepText } from "./plot/numbers";
import type { ChartCurve } from "./chartCurve";
import { tableRows } from "./tableRows";
import type { Extent } from "./plot/ticks";

/** More rows would be slow to make and nobody's to read; the CSV file has them all. */
const mostRows = 200;
/** A table that changed ten times a second could not be read. */
const restMs = 1000;

/** The numbers of a chart, as a table that is made when it is opened. */
export class ChartTable {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  private shown: { curves: readonly ChartCurve[]; x: Extent } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly title: string) {
    // What scrolls must be reachable by keyboard.
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

  /** Shows curves over a range of steps: at once after it was opened, then about once a second. */
  update(curves: readonly ChartCurve[], x: Extent): void {
    this.shown = { curves, x };
    if (this.element.hidden || this.timer !== undefined) return;
    this.fill();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.element.hidden) this.fill();
    }, restMs);
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
    const { indices, of } = tableRows(steps, x, mostRows);
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
        ...curves.map((one) => h("td", {}, lossText(at(one, step)))),
      );
    });
    this.element.replaceChildren(
      h("table", {}, h("caption", {}, h("span", {}, caption)), h("thead", {}, head), h("tbody", {}, ...rows)),
    );
  }
}

let tables = 0;

/** A curve's number at exactly this step: a run laid over another may have none there. */
function at({ curve }: ChartCurve, step: number): number | undefined {
  const index = indexAtLeast(curve.steps, step);
  return curve.steps[index] === step ? curve.raw[index] : undefined;
}
