import type { Quality } from "../../extension/comparison/figures";
import { s } from "../ui/svg";
import { t } from "../ui/text";
import { ChartArea } from "./chartArea";
import { costScale, figureScale } from "./chartScales";
import type { ComparisonRow } from "./comparisonRows";
import { betterText, figureTitle } from "./comparisonText";
import type { CostChart } from "./costChartData";
import type { DrawnRow, Drawing } from "./drawing";
import { labelPlaces } from "./pointLabels";
import { signMarker } from "./signs";

/** Heights in CSS pixels: of a chart, and of a line of the legend in a saved file. */
const [chartHeight, legendRow] = [210, 20];
/** Width in CSS pixels from which the title and the legend of the Pareto front share one line; below it they take two. */
const minOneLineWidth = 560;
/** The smallest width of a chart; below it the charts are stacked. */
const minChartWidth = 230;

/**
 * Scatter plots of quality against parameters, memory and time, with the Pareto front.
 * @param width in CSS pixels
 */
export function drawCostCharts(
  charts: readonly CostChart[],
  quality: Quality,
  rows: ReadonlyMap<ComparisonRow, DrawnRow>,
  width: number,
): Drawing {
  const columns = Math.max(1, Math.min(charts.length, Math.floor(width / minChartWidth)));
  const top = width < minOneLineWidth ? 40 : 24;
  const areas = charts.map(({ cost, points }, i) => {
    const box = {
      x: ((i % columns) * width) / columns,
      y: top + Math.floor(i / columns) * chartHeight,
      width: width / columns,
      height: chartHeight,
    };
    const [costs, qualities] = [points.map((point) => point.cost), points.map((point) => point.quality)];
    return new ChartArea(costScale(cost, costs), figureScale(quality, qualities), box);
  });
  const hasFrontier = charts.some(({ frontier }) => frontier.length > 1);
  return {
    height: top + chartHeight * Math.ceil(charts.length / columns),
    nodes: [
      s("text", { class: "comparison-title", x: 0, y: 14 }, t("{0} ({1})", figureTitle(quality), betterText(quality))),
      ...(hasFrontier ? [frontierKey(width)] : []),
      ...charts.map((chart, i) => drawnChart(chart, areas[i]!, rows)),
    ],
    spots: charts.flatMap(({ points }, i) =>
      points.map(({ row, cost, quality: value }) => ({ row: row.id, x: areas[i]!.x(cost), y: areas[i]!.y(value) })),
    ),
    legend: legendOf(rows),
  };
}

function drawnChart(
  { points, frontier }: CostChart,
  area: ChartArea<number>,
  rows: ReadonlyMap<ComparisonRow, DrawnRow>,
): SVGElement {
  if (points.length === 0) {
    const place = { class: "comparison-none", x: area.left, y: (area.top + area.bottom) / 2 };
    return s("g", {}, s("text", place, t("No run has both figures.")));
  }
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
    ...points.map(({ row, cost, quality }, i) => {
      const point = signMarker(rows.get(row)!.sign, at[i]!.x, at[i]!.y, 5.5);
      for (const [name, value] of Object.entries({ "data-run": row.id, "data-cost": cost, "data-quality": quality }))
        point.setAttribute(name, String(value));
      return point;
    }),
    ...points.map(({ row }, i) =>
      s(
        "text",
        { class: "comparison-label", x: labels[i]!.x, y: labels[i]!.y + 4, "text-anchor": "middle" },
        String(row.number),
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

/** The legend of a saved file: number and name of each row. On the page the table shows them. */
function legendOf(rows: ReadonlyMap<ComparisonRow, DrawnRow>): Drawing["legend"] {
  const nodes = [...rows].map(([{ number }, { sign, name }], i) => {
    const y = legendRow * (i + 0.5);
    return s("g", {}, signMarker(sign, 12, y, 5), s("text", { x: 28, y: y + 4 }, `${number}  ${name}`));
  });
  return { height: legendRow * nodes.length + 8, nodes };
}
