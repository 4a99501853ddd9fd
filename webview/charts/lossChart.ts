import { h } from "../ui/element";
import { t } from "../ui/text";
import { ChartTable } from "./chartTable";
import { Legend, valueAt, type ChartCurve } from "./legend";
import { listenForNavigation, type NavigationEvents } from "./plot/navigation";
import { lossText, stepText } from "./plot/numbers";
import type { Palette } from "./plot/palette";
import { exportedColumns, exportedChartOf, type ExportedChart } from "./export/exportedChart";
import { chartAsPng } from "./export/png";
import { Plot, type PlotEvents } from "./plot/plot";
import { sceneOf } from "./plot/scene";
import { svgOf } from "./export/svg";
import type { Extent } from "../../extension/charts/ticks";

/** Callbacks of a chart of losses. */
export interface ChartEvents extends PlotEvents, Omit<NavigationEvents, "zoom"> {
  /** @param about the fixed point of the zoom, a step; null for the cursor or the middle */
  zoom(factor: number, about: number | null): void;
  toggle(curve: string): void;
  /** Saves this chart as a file. */
  save(extension: "png" | "svg", content: Blob | Promise<Blob>): void;
}

/** The settings that all charts of the section share. */
export interface ChartView {
  readonly x: Extent;
  readonly log: boolean;
  readonly cursor: number | null;
  readonly hidden: ReadonlySet<string>;
  readonly palette: Palette;
}

/** The chart of one group of losses: legend, plot, table, and export buttons. */
export class LossChart {
  readonly element: HTMLElement;
  private readonly host: HTMLElement;
  private readonly legend: Legend;
  private readonly table: ChartTable;
  private plot: Plot | undefined;
  private curves: readonly ChartCurve[] = [];
  private view: ChartView | undefined;

  constructor(
    private readonly title: string,
    private readonly events: ChartEvents,
  ) {
    this.legend = new Legend((id) => events.toggle(id));
    this.table = new ChartTable(title);
    const keys = t(
      "Arrow keys read the values, with Shift they move the range; plus and minus zoom, 0 shows everything.",
    );
    this.host = h("div", {
      class: "chart-plot",
      tabindex: 0,
      role: "application",
      "aria-label": t("{0}: curves", title),
      "aria-description": keys,
    });
    listenForNavigation(this.host, {
      ...events,
      zoom: (factor, clientX) =>
        events.zoom(factor, clientX === undefined ? null : (this.plot?.stepAt(clientX) ?? null)),
    });
    const action = (label: string, name: string, onClick: () => void): HTMLElement =>
      h("button", { type: "button", class: "chart-action", "aria-label": name, title: name, onClick }, label);
    this.element = h(
      "article",
      { class: "chart", "aria-label": title },
      h(
        "header",
        { class: "chart-head" },
        h("h3", {}, title),
        this.table.button,
        action("PNG", t("Save {0} as PNG", title), () => this.savePng()),
        action("SVG", t("Save {0} as SVG", title), () => this.saveSvg()),
      ),
      this.legend.element,
      this.host,
      this.table.element,
    );
  }

  /**
   * Shows curves. Another palette or log scale makes a new plot and legend, and other ids or labels a new legend; otherwise both are only
   * updated.
   */
  draw(curves: readonly ChartCurve[], view: ChartView): void {
    const width = this.host.clientWidth;
    if (width === 0) return;
    const fresh = this.plot === undefined || this.view?.log !== view.log || this.view.palette !== view.palette;
    if (fresh) {
      this.plot?.dispose();
      this.plot = new Plot(this.host, width, view.log, view.palette, this.events);
    }
    if (fresh || !sameNames(curves, this.curves)) this.legend.replace(curves, view.hidden);
    else if (view.hidden !== this.view?.hidden) this.legend.press(view.hidden);
    this.curves = curves;
    this.view = view;
    this.plot?.resize(width);
    this.plot?.draw(this.visible(), view.x);
    this.point(view.cursor);
    this.table.update(this.visible(), view.x);
    this.describe();
  }

  /** Puts the cursor on a step and shows the values there; null shows the latest. */
  point(step: number | null): void {
    this.plot?.point(step);
    for (const curve of this.curves) this.legend.value(curve.id, valueAt(curve, step));
  }

  /** The values of the visible curves at a step in one sentence; null gives the latest values. */
  sentence(step: number | null): string {
    return this.visible()
      .map((curve) => `${curve.label}: ${lossText(valueAt(curve, step).raw)}`)
      .join(", ");
  }

  dispose(): void {
    this.plot?.dispose();
  }

  private visible(): ChartCurve[] {
    return this.curves.filter(({ id }) => this.view?.hidden.has(id) !== true);
  }

  private describe(): void {
    const last = this.visible()[0]?.curve.steps.at(-1);
    if (last === undefined || this.plot === undefined) return;
    this.plot.canvas.setAttribute("role", "img");
    this.plot.canvas.setAttribute(
      "aria-label",
      t("{0}. Latest, step {1}: {2}", this.title, stepText(last), this.sentence(null)),
    );
  }

  private savePng(): void {
    if (this.view !== undefined) this.events.save("png", chartAsPng(this.picture(this.view), this.view.palette.font));
  }

  private saveSvg(): void {
    if (this.view !== undefined)
      this.events.save("svg", new Blob([svgOf(this.picture(this.view))], { type: "image/svg+xml" }));
  }

  private picture({ x, log, palette }: ChartView): ExportedChart {
    const curves = this.visible();
    return exportedChartOf({
      title: this.title,
      axis: t("Step"),
      scene: sceneOf(curves, x, exportedColumns, log),
      legend: curves,
      palette,
    });
  }
}

function sameNames(some: readonly ChartCurve[], others: readonly ChartCurve[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ id, label }, index) => id === others[index]?.id && label === others[index].label)
  );
}
