import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import type { ComparisonChart } from "./comparisonChart";
import type { ComparedRun } from "./comparedRuns";

/** Selects a run in the charts by pointer or arrow keys. */
export class ComparisonCursor {
  readonly element: HTMLElement;
  /** The figures of the selected run, or a hint how to select one. */
  readonly readout = h("p", { class: "comparison-readout", "aria-hidden": "true" });
  private entries: readonly ComparedRun[] = [];
  private words: (entry: ComparedRun) => string = () => "";
  private looked: string | null = null;

  /** @param onSelect called with the selected run; null for none */
  constructor(
    private readonly chart: ComparisonChart,
    private readonly onSelect: (id: string | null) => void,
  ) {
    this.element = h(
      "div",
      {
        class: "comparison-chart",
        role: "slider",
        tabindex: 0,
        "aria-label": t("Quality against cost: run"),
        onPointerMove: (event) => this.point(event as PointerEvent),
        onPointerLeave: () => this.pointAt(null),
        onBlur: () => this.pointAt(null),
        onKeyDown: (event) => this.onKey(event as KeyboardEvent),
      },
      chart.element,
    );
  }

  /** Updates the runs. @param words formats a run's figures in one line */
  show(entries: readonly ComparedRun[], words: (entry: ComparedRun) => string): void {
    [this.entries, this.words] = [entries.filter(({ line }) => line !== null), words];
    this.pointAt(this.entries.some(({ id }) => id === this.looked) ? this.looked : null);
  }

  private pointAt(id: string | null): void {
    this.looked = id;
    this.chart.highlight(id);
    this.onSelect(id);
    const entry = this.entries.find((each) => each.id === id);
    setText(
      this.readout,
      entry === undefined ? t("Point at a marker, or move with the arrow keys, to read its run.") : this.words(entry),
    );
    const [first] = this.entries;
    const at = entry ?? first;
    const values = {
      "aria-valuemin": 1,
      "aria-valuemax": this.entries.length,
      "aria-valuenow": at === undefined ? 1 : this.entries.indexOf(at) + 1,
      "aria-valuetext": at === undefined ? "" : this.words(at),
    };
    for (const [name, value] of Object.entries(values))
      if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
  }

  private point({ clientX, clientY }: PointerEvent): void {
    const { left, top } = this.chart.svg.getBoundingClientRect();
    const nearest = this.chart.nearest(clientX - left, clientY - top);
    if (nearest !== this.looked) this.pointAt(nearest);
  }

  private onKey(event: KeyboardEvent): void {
    const [at, last] = [this.entries.findIndex(({ id }) => id === this.looked), this.entries.length - 1];
    const places: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape") this.pointAt(null);
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.pointAt(this.entries[Math.min(last, Math.max(0, place))]?.id ?? null);
  }
}
