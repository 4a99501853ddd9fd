import { s } from "../ui/svg";
import { t } from "../ui/text";
import { ChartArea } from "./chartArea";
import { characterWidth, figureScale, settingScale } from "./chartScales";
import type { ComparisonRow } from "./comparisonRows";
import { betterText, figureTitle, settingText } from "./comparisonText";
import type { DrawnRow, Drawing } from "./drawing";
import { equalSeries, type Series, type SettingChart, type SettingPoint } from "./settingChartData";
import { type Sign, seriesDash, seriesSign, signMarker } from "./signs";

/** Heights of the plot with its axes, and of a line of the legend, in CSS pixels. */
const [plotHeight, legendRow] = [270, 20];

/** The largest shift in CSS pixels between two neighbouring series at one value: shifted, equal figures do not hide each other. */
const widestStep = 8;

/** Half the length of the bar at a mean of several runs, in CSS pixels. */
const halfBar = 7;

/**
 * Draws a figure against a setting: a dot for each run, and a line through the means; with a second setting, a line for each of its values.
 * @param width in CSS pixels
 */
export function drawSettingChart(
  chart: SettingChart,
  signs: ReadonlyMap<ComparisonRow, DrawnRow>,
  width: number,
): Drawing {
  const { figure, setting, series, all } = chart;
  const legend = series === null ? { height: 0, nodes: [] } : legendOf(chart, width);
  const top = 24 + legend.height;
  const figures = all.flatMap(pointsOf).flatMap((point) => point.figures.map((each) => each.figure));
  const area = new ChartArea(settingScale(setting), figureScale(figure, figures), {
    x: 0,
    y: top,
    width,
    height: plotHeight,
  });
  const step = stepBetweenSeries(
    setting.values.map((value) => area.x(value)),
    all.length,
  );
  const drawn = all.map((each, i) =>
    drawnSeries(each, series !== null, signs, area, step * (i - (all.length - 1) / 2)),
  );
  const title = t("{0} ({1})", figureTitle(figure), betterText(figure));
  return {
    height: top + plotHeight,
    nodes: [
      s("text", { class: "comparison-title", x: 0, y: 14 }, title),
      s("g", { transform: "translate(0,24)" }, ...legend.nodes),
      area.axes(),
      ...drawn.flatMap(({ nodes }) => nodes),
    ],
    spots: drawn.flatMap(({ spots }) => spots),
    legend: { height: 0, nodes: [] },
  };
}

function pointsOf({ lines }: Series): readonly SettingPoint[] {
  return lines.flat();
}

/** The shift in CSS pixels between neighbouring series. @param places x positions of the setting's values. @param count of the series */
function stepBetweenSeries(places: readonly number[], count: number): number {
  const gaps = places.slice(1).map((place, i) => place - places[i]!);
  return count < 2 ? 0 : Math.min(widestStep, Math.min(...gaps) / (count + 1));
}

/**
 * Draws one series.
 * @param isOne whether it is one of several series; then its lines have a colour of their own
 * @param shift of all its points to the right, in CSS pixels
 */
function drawnSeries(
  series: Series,
  isOne: boolean,
  signs: ReadonlyMap<ComparisonRow, DrawnRow>,
  area: ChartArea<unknown>,
  shift: number,
): Pick<Drawing, "nodes" | "spots"> {
  const colour = isOne ? seriesSign(series.index).colour : "compared-alone";
  const x = ({ value }: SettingPoint): number => area.x(value) + shift;
  const means = series.lines.map((line) => {
    const path = line
      .filter(({ mean }) => mean !== null)
      .map((point, i) => `${i === 0 ? "M" : "L"}${x(point)},${area.y(point.mean!)}`)
      .join("");
    return s("path", { class: `comparison-line ${colour}`, d: path, "stroke-dasharray": seriesDash(series.index) });
  });
  const bars = pointsOf(series)
    .filter(({ mean, figures }) => mean !== null && new Set(figures.map(({ figure }) => figure)).size > 1)
    .map((point) => {
      const [middle, y] = [x(point), area.y(point.mean!)];
      const place = { x1: middle - halfBar, x2: middle + halfBar, y1: y, y2: y };
      return s("line", { class: `comparison-mean ${colour}`, ...place });
    });
  const spots = pointsOf(series).flatMap((point) =>
    point.figures.map(({ run, figure }) => ({
      run,
      figure,
      sign: signs.get(point.row)!.sign,
      row: point.row.id,
      x: x(point),
      y: area.y(figure),
    })),
  );
  const dots = spots.map((spot) => {
    const dot = signMarker(spot.sign, spot.x, spot.y, 4.5);
    dot.setAttribute("data-run", spot.run);
    dot.setAttribute("data-figure", String(spot.figure));
    return dot;
  });
  return { nodes: [...means, ...bars, ...dots], spots };
}

/** The legend: the values of the second setting side by side, in as many lines as `width` requires. */
function legendOf({ series, all }: SettingChart, width: number): Drawing["legend"] {
  const setting = series!;
  const nodes: Node[] = [s("text", { class: "comparison-key", x: 0, y: 14 }, setting.name)];
  let [x, y] = [setting.name.length * characterWidth + 16, 14];
  for (const { index, value } of all) {
    const text = settingText(setting, value);
    const length = 32 + text.length * characterWidth;
    if (x > 0 && x + length > width) [x, y] = [0, y + legendRow];
    nodes.push(legendEntry(index, seriesSign(index), text, x, y));
    x += length + 16;
  }
  const equal = equalSeries(all).map((same) => same.map(({ value }) => settingText(setting, value)).join(" = "));
  if (equal.length > 0) {
    y += legendRow;
    nodes.push(s("text", { class: "comparison-key", x: 0, y }, t("Equal everywhere: {0}", equal.join("; "))));
  }
  return { height: y + 6, nodes };
}

function legendEntry(index: number, sign: Sign, text: string, x: number, y: number): SVGElement {
  const line = { x1: x, x2: x + 26, y1: y - 4, y2: y - 4, "stroke-dasharray": seriesDash(index) };
  return s(
    "g",
    {},
    s("line", { class: `comparison-line ${sign.colour}`, ...line }),
    signMarker(sign, x + 13, y - 4, 4.5),
    s("text", { x: x + 32, y }, text),
  );
}
