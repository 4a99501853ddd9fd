import { decimate } from "../../charts/decimate";
import type { Numbers } from "../../charts/search";
import { type Extent, linearTicks, logTicks, withMargin } from "../../charts/ticks";
import { markup, type Markup } from "./markup";

/** One line of a chart, or one series of dots. */
export interface ChartSeries {
  readonly label: string;
  /** The values on the horizontal axis, ascending. */
  readonly xs: Numbers;
  readonly ys: Numbers;
  /** Index of the colour and the dash pattern in the page's style. */
  readonly style: number;
  /** `faint`: drawn behind another line, and not in the legend; `dots`: measured values. */
  readonly kind?: "faint" | "dots";
}

/** The content of a line chart. */
export interface Chart {
  readonly title: string;
  readonly xTitle: string;
  readonly series: readonly ChartSeries[];
  /** Whether the axis of values may be logarithmic, where they span several powers of ten. */
  readonly canBeLog?: boolean;
  /** Whether the axis of values begins at 0. */
  readonly fromZero?: boolean;
  readonly yText?: (value: number) => string;
}

const [width, height] = [460, 230];
const margin = { left: 58, right: 12, top: 8, bottom: 36 };
/** An axis is logarithmic from this ratio of the largest to the smallest value on. */
const logFrom = 50;

/** A chart with title and legend, as SVG in the page; the page's style sheet has the colours. */
export function lineChart(chart: Chart): Markup {
  const { title, series } = chart;
  const named = series.filter(({ kind, label }) => kind !== "faint" && label !== "");
  return markup`<figure class="chart">
    <figcaption>${title}</figcaption>
    ${legend(named)}${drawing(chart)}
  </figure>`;
}

function legend(named: readonly ChartSeries[]): Markup | null {
  if (named.length === 0) return null;
  const items = named.map(
    ({ label, style, kind }) =>
      markup`<li>
        <svg class="swatch" viewBox="0 0 26 10" aria-hidden="true">
          ${kind === "dots" ? markup`<circle class="dot s${style}" cx="13" cy="5" r="4" />` : markup`<path class="line s${style}" d="M0 5H26" />`}
        </svg>
        ${label}
      </li>`,
  );
  return markup`<ul class="legend">
    ${items}
  </ul>`;
}

function drawing({ title, xTitle, series, canBeLog = false, fromZero = false, yText = numberText }: Chart): Markup {
  const x = extentOf(series.map(({ xs }) => xs));
  const values = extentOf(series.map(({ ys }) => ys));
  const isLog = canBeLog && values.min > 0 && values.max / values.min >= logFrom;
  const y = withMargin(fromZero ? { min: 0, max: values.max } : values, isLog);
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const scale = isLog ? Math.log : (value: number): number => value;
  const placeX = (value: number): number => margin.left + ((value - x.min) / (x.max - x.min)) * (right - margin.left);
  const placeY = (value: number): number =>
    bottom - ((scale(value) - scale(y.min)) / (scale(y.max) - scale(y.min))) * (bottom - margin.top);
  const rows = (isLog ? logTicks : linearTicks)(y, 5).map((value) => {
    const at = round(placeY(value));
    return markup`<path class="grid" d="M${margin.left} ${at}H${right}" />
      <text x="${margin.left - 7}" y="${at + 4}" text-anchor="end">${yText(value)}</text>`;
  });
  const columns = linearTicks(x, 6, 1).map(
    (value) =>
      markup`<text x="${round(placeX(value))}" y="${bottom + 16}" text-anchor="middle">${numberText(value)}</text>`,
  );
  const lines = series.map((each) => seriesMarkup(each, x, placeX, placeY, isLog));
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${rows}${columns}
    <text class="axis" x="${(margin.left + right) / 2}" y="${height - 4}" text-anchor="middle">${xTitle}</text>
    <path class="frame" d="M${margin.left} ${margin.top}V${bottom}H${right}" />
    ${lines}
  </svg>`;
}

function seriesMarkup(
  { xs, ys, style, kind }: ChartSeries,
  x: Extent,
  placeX: (value: number) => number,
  placeY: (value: number) => number,
  isLog: boolean,
): Markup {
  const points = [...decimate(xs, ys, { ...x, columns: width })]
    .filter((i) => !isLog || ys[i]! > 0)
    .map((i) => [round(placeX(xs[i]!)), round(placeY(ys[i]!))] as const);
  if (kind === "dots" || points.length === 1)
    return markup`${points.map(([cx, cy]) => markup`<circle class="dot s${style}" cx="${cx}" cy="${cy}" r="3.5" />`)}`;
  const path = points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px} ${py}`).join("");
  return markup`<path class="line s${style}${kind === "faint" ? " faint" : ""}" d="${path}" />`;
}

/** The least and the largest finite number; a single number gets room on either side. */
function extentOf(columns: readonly Numbers[]): Extent {
  let [min, max] = [Infinity, -Infinity];
  for (const column of columns)
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  if (!(min <= max)) return { min: 0, max: 1 };
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}

function numberText(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

/** Rounds a position to a tenth of a pixel, which is exact enough and keeps the file small. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
