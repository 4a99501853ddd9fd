import { h } from "../ui/element";
import { t } from "../ui/text";
import type { ChartData } from "./chartData";
import { ChartLegend } from "./chartLegend";
import type { MemoryChart } from "./memoryChart";
import { figuresAt, knownDepths, spoken } from "./readout";

/** A line over the chart at one depth: under the pointer, or moved with the arrow keys. Else values are those of the training's depth. */
export class ChartCursor {
  private readonly line = h("div", { class: "memory-cursor", hidden: true });
  readonly legend = new ChartLegend();
  readonly element: HTMLElement;
  private data: ChartData | null = null;
  private home = 0;
  private depths: readonly number[] = [];
  /** The depth that is looked at; null: the training's. */
  private depth: number | null = null;

  constructor(private readonly chart: MemoryChart) {
    this.element = h(
      "div",
      {
        class: "memory-chart",
        role: "slider",
        tabindex: 0,
        "aria-label": t("Memory against depth: number of blocks"),
        onPointerMove: (event) => this.point(event as PointerEvent),
        onPointerLeave: () => this.look(null),
        onBlur: () => this.look(null),
        onKeyDown: (event) => this.onKey(event as KeyboardEvent),
      },
      chart.element,
      this.line,
    );
  }

  /** Takes what was drawn. @param home the depth of the run's network */
  show(data: ChartData, home: number): void {
    const depths = data === this.data ? this.depths : knownDepths(data);
    this.data = data;
    this.home = home;
    this.depths = depths;
    this.look(this.depth !== null && depths.includes(this.depth) ? this.depth : null);
  }

  private look(depth: number | null): void {
    this.depth = depth;
    if (this.data === null) return;
    const figures = figuresAt(this.data, depth ?? this.home);
    this.legend.show(figures);
    const values = {
      "aria-valuemin": this.depths[0] ?? 0,
      "aria-valuemax": this.depths.at(-1) ?? this.home,
      "aria-valuenow": figures.depth,
      "aria-valuetext": spoken(figures),
    };
    for (const [name, value] of Object.entries(values))
      if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
    this.line.hidden = depth === null;
    const { frame } = this.chart;
    Object.assign(this.line.style, {
      left: `${frame.x(figures.depth)}px`,
      top: `${frame.top}px`,
      height: `${frame.bottom - frame.top}px`,
    });
  }

  private point({ clientX }: PointerEvent): void {
    const at = this.chart.frame.depthAt(clientX - this.element.getBoundingClientRect().left);
    const nearest = this.depths.reduce(
      (best, each) => (Math.abs(each - at) < Math.abs(best - at) ? each : best),
      this.depths[0] ?? this.home,
    );
    if (nearest !== this.depth) this.look(nearest);
  }

  private onKey(event: KeyboardEvent): void {
    const [at, last] = [this.depths.indexOf(this.depth ?? this.home), this.depths.length - 1];
    const places: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      PageUp: at + 8,
      PageDown: at - 8,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape") this.look(null);
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.look(this.depths[Math.min(last, Math.max(0, place))] ?? null);
  }
}
