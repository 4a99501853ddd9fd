import type { Quality } from "../../extension/comparison/figures";
import { t } from "../ui/text";
import { h } from "../ui/element";
import { s } from "../ui/svg";
import { ChartArea } from "./chartArea";
import type { ChartPoint, CostChart } from "./chartData";
import type { ComparedRun } from "./comparedRuns";
import { labelPlaces } from "./pointLabels";
import { runMarker } from "./runMarkers";
import { betterText, directionTitle, kindTitle, measureTitle } from "./comparisonText";

/** Heights in CSS pixels: of a chart, and of a line of the legend in a saved file. */
const [height, legendRow] = [210, 20];
/** Width in CSS pixels from which the title and the legend of the Pareto front share one line; below it they take two. */
const minOneLineWidth = 560;
/** The smallest width of a chart; below it the charts are stacked. */
const minChartWidth = 230;

interface DrawnPoint {
  readonly point: ChartPoint;
  readonly x: number;
  readonly y: number;
}

/** Scatter plots of quality against parameters, memory and time, with the Pareto front. */
export class ComparisonChart {
  private readonly cursorRings = s("g");
  private readonly still = s("g");
  readonly svg = s("svg", { class: "comparison-svg", "aria-hidden": "true" }, this.still, this.cursorRings);
  readonly element = h("div", {}, this.svg);
  private drawn: readonly DrawnPoint[] = [];
  private highlighted: string | null = null;
  size = { width: 0, height: 0 };

  /** @param width in CSS pixels */
  draw(charts: readonly CostChart[], choice: Quality, width: number): void {
    const columns = Math.max(1, Math.min(charts.length, Math.floor(width / minChartWidth)));
    const top = width < minOneLineWidth ? 40 : 24;
    this.size = { width, height: top + height * Math.ceil(charts.length / columns) };
    resize(this.svg, this.size);
    const areas = charts.map(
      ({ cost, points }, i) =>
        new ChartArea(cost, points, {
          x: ((i % columns) * width) / columns,
          y: top + Math.floor(i / columns) * height,
          width: width / columns,
          height,
        }),
    );
    this.drawn = charts.flatMap(({ points }, i) =>
      points.map((point) => ({ point, x: areas[i]!.x(point.cost), y: areas[i]!.y(point.quality) })),
    );
    this.still.replaceChildren(
      s(
        "text",
        { class: "comparison-title", x: 0, y: 14 },
        t("{0}, {1} ({2})", measureTitle(choice.measure), directionTitle(choice.direction), betterText(choice.measure)),
      ),
      ...(charts.some(({ frontier }) => frontier.length > 1) ? [frontierKey(width)] : []),
      ...charts.map((chart, i) => drawnChart(chart, areas[i]!)),
    );
    this.highlight(this.highlighted);
  }

  /** Draws a ring around a run in every chart; null for none. */
  highlight(id: string | null): void {
    this.highlighted = id;
    this.cursorRings.replaceChildren(
      ...this.drawn
        .filter(({ point }) => point.entry.id === id)
        .map(({ x, y }) => s("circle", { class: "comparison-ring", cx: x, cy: y, r: 9.5 })),
    );
  }

  /** The run nearest to a position, within 28 pixels; null for none. */
  nearest(x: number, y: number): string | null {
    const reach = 28;
    const distance = (at: DrawnPoint): number => Math.hypot(at.x - x, at.y - y);
    const best = this.drawn.reduce<DrawnPoint | null>(
      (nearest, each) => (nearest === null || distance(each) < distance(nearest) ? each : nearest),
      null,
    );
    return best !== null && distance(best) <= reach ? best.point.entry.id : null;
  }

  /** A copy of the charts with a legend, for a file. It is attached to the page, so that styles apply; the caller removes it. */
  withLegend(entries: readonly ComparedRun[]): SVGSVGElement {
    const rows = entries.filter(({ line }) => line !== null);
    const legend = rows.map((entry, row) => {
      const y = this.size.height + legendRow * row + legendRow / 2;
      const words = `${entry.number}  ${entry.name} (${kindTitle(entry.line!.kind)})`;
      return s("g", {}, runMarker(entry, entry.line!, 12, y, 5), s("text", { x: 28, y: y + 4 }, words));
    });
    const svg = s("svg", { class: "comparison-svg", "aria-hidden": "true" }, this.still.cloneNode(true), ...legend);
    resize(svg, { width: this.size.width, height: this.size.height + legendRow * rows.length + 8 });
    this.element.append(svg);
    return svg;
  }
}

function drawnChart({ points, frontier }: CostChart, area: ChartArea): SVGElement {
  if (points.length === 0)
    return s(
      "g",
      {},
      s(
        "text",
        { class: "comparison-none", x: area.left, y: (area.top + area.bottom) / 2 },
        t("No run has both figures."),
      ),
    );
  const at = points.map(({ cost, quality }) => ({ x: area.x(cost), y: area.y(quality) }));
  const labels = labelPlaces(at);
  const path = frontier
    .map(({ cost, quality }, i) => `${i === 0 ? "M" : "L"}${area.x(cost)},${area.y(quality)}`)
    .join("");
  return s(
    "g",
    {},
    area.axes(),
    ...(frontier.length > 1 ? [s("path", { class: "comparison-frontier", d: path })] : []),
    ...points.map(({ entry, cost, quality }, i) => {
      const point = runMarker(entry, entry.line!, at[i]!.x, at[i]!.y, 5.5);
      for (const [name, value] of Object.entries({ "data-run": entry.id, "data-cost": cost, "data-quality": quality }))
        point.setAttribute(name, String(value));
      return point;
    }),
    ...points.map(({ entry }, i) =>
      s(
        "text",
        { class: "comparison-label", x: labels[i]!.x, y: labels[i]!.y + 4, "text-anchor": "middle" },
        String(entry.number),
      ),
    ),
  );
}

/** The legend of the Pareto front: at the end of the first line if it fits, else in the second. */
function frontierKey(width: number): SVGElement {
  const place =
    width < minOneLineWidth ? { x: 0, y: 32, "text-anchor": "start" } : { x: width - 20, y: 14, "text-anchor": "end" };
  return s("text", { class: "comparison-key", ...place }, `╌╌ ${t("no other run is better in both")}`);
}

function resize(svg: SVGSVGElement, { width, height: all }: { readonly width: number; readonly height: number }): void {
  for (const [name, value] of Object.entries({ width, height: all, viewBox: `0 0 ${width} ${all}` }))
    svg.setAttribute(name, String(value));
}
