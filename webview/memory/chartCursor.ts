import { h } from "../ui/element";
import { t } from "../ui/text";
import type { ChartData } from "./chartData";
import { ChartLegend } from "./chartLegend";
import type { MemoryChart } from "./memoryChart";
import { figuresAt, knownDepths, figuresSentence } from "./readout";

/** A vertical cursor at one depth, moved by the pointer or the arrow keys. Without it the legend shows the training's depth. */
export class ChartCursor {
  private readonly line = h("div", { class: "memory-cursor", hidden: true });
  readonly legend = new ChartLegend();
  readonly element: HTMLElement;
  private data: ChartData | null = null;
  /** The depth of the run's network. */
  private ownDepth = 0;
  private depths: readonly number[] = [];
  /** The cursor's depth; null without a cursor. */
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

  /** Updates the data. @param ownDepth the depth of the run's network */
  show(data: ChartData, ownDepth: number): void {
    const depths = data === this.data ? this.depths : knownDepths(data);
    this.data = data;
    this.ownDepth = ownDepth;
    this.depths = depths;
    this.look(this.depth !== null && depths.includes(this.depth) ? this.depth : null);
  }

  private look(depth: number | null): void {
    this.depth = depth;
    if (this.data === null) return;
    const figures = figuresAt(this.data, depth ?? this.ownDepth);
    this.legend.show(figures, this.data.budget);
    const values = {
      "aria-valuemin": this.depths[0] ?? 0,
      "aria-valuemax": this.depths.at(-1) ?? this.ownDepth,
      "aria-valuenow": figures.depth,
      "aria-valuetext": figuresSentence(figures),
    };
    for (const [name, value] of Object.entries(values))
      if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
    this.line.hidden = depth === null;
    const { axes: frame } = this.chart;
    Object.assign(this.line.style, {
      left: `${frame.x(figures.depth)}px`,
      top: `${frame.top}px`,
      height: `${frame.bottom - frame.top}px`,
    });
  }

  private point({ clientX }: PointerEvent): void {
    const at = this.chart.axes.depthAt(clientX - this.element.getBoundingClientRect().left);
    const nearest = this.depths.reduce(
      (best, each) => (Math.abs(each - at) < Math.abs(best - at) ? each : best),
      this.depths[0] ?? this.ownDepth,
    );
    if (nearest !== this.depth) this.look(nearest);
  }

  private onKey(event: KeyboardEvent): void {
    const [at, last] = [this.depths.indexOf(this.depth ?? this.ownDepth), this.depths.length - 1];
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
