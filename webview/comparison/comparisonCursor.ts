import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import type { ComparisonChart } from "./comparisonChart";

/** A row of the comparison with the text that the cursor shows and screen readers read. */
export interface ReadRow {
  readonly id: string;
  /** The row's name and figures in one line. */
  readonly words: string;
}

/** Selects a row in the charts by pointer or arrow keys. */
export class ComparisonCursor {
  readonly element: HTMLElement;
  /** The text below the chart: the figures of the selected row, or a hint how to select one. */
  readonly readout = h("p", { class: "comparison-readout", "aria-hidden": "true" });
  private rows: readonly ReadRow[] = [];
  private looked: string | null = null;

  /** @param onSelect called with the id of the selected row; null when none is selected */
  constructor(
    private readonly chart: ComparisonChart,
    private readonly onSelect: (row: string | null) => void,
  ) {
    this.element = h(
      "div",
      {
        class: "comparison-chart",
        role: "slider",
        tabindex: 0,
        onPointerMove: (event) => this.point(event as PointerEvent),
        onPointerLeave: () => this.pointAt(null),
        onBlur: () => this.pointAt(null),
        onKeyDown: (event) => this.onKey(event as KeyboardEvent),
      },
      chart.element,
    );
  }

  /** Updates the rows. @param name the chart's accessible name */
  show(rows: readonly ReadRow[], name: string): void {
    this.rows = rows;
    this.set("aria-label", name);
    this.pointAt(rows.some(({ id }) => id === this.looked) ? this.looked : null);
  }

  private pointAt(id: string | null): void {
    this.looked = id;
    this.chart.highlight(id);
    this.onSelect(id);
    const row = this.rows.find((each) => each.id === id);
    setText(this.readout, row?.words ?? t("Point at a marker, or move with the arrow keys, to read its run."));
    const at = row ?? this.rows[0];
    this.set("aria-valuemin", 1);
    this.set("aria-valuemax", this.rows.length);
    this.set("aria-valuenow", at === undefined ? 1 : this.rows.indexOf(at) + 1);
    this.set("aria-valuetext", at?.words ?? "");
  }

  private set(name: string, value: string | number): void {
    if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
  }

  private point({ clientX, clientY }: PointerEvent): void {
    const { left, top } = this.chart.svg.getBoundingClientRect();
    const nearest = this.chart.nearest(clientX - left, clientY - top);
    if (nearest !== this.looked) this.pointAt(nearest);
  }

  private onKey(event: KeyboardEvent): void {
    const [at, last] = [this.rows.findIndex(({ id }) => id === this.looked), this.rows.length - 1];
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
    this.pointAt(this.rows[Math.min(last, Math.max(0, place))]?.id ?? null);
  }
}
