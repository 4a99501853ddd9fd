import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { lossText } from "./plot/numbers";
import type { Stroke } from "./plot/palette";
import type { SceneCurve } from "./plot/scene";
import { nearestFiniteIndex } from "../../extension/charts/search";

/** A curve in the legend. */
export interface LegendEntry {
  /** The curve's id, unique in the chart. */
  readonly id: string;
  readonly label: string;
  /** The loss's name as in `metrics.jsonl`, shown as the tooltip. */
  readonly name: string;
  readonly stroke: Stroke;
}

/** A curve to draw, with its id, label and name. */
export interface ChartCurve extends SceneCurve {
  /** The loss's name; for compared runs with the run's id before it. */
  readonly id: string;
  /** The text of the legend: the loss's label, for compared runs after the run's name and a colon. */
  readonly label: string;
  readonly name: string;
}

/**
 * A curve's value at the cursor, or the latest. Both are undefined if the curve has no finite value, `smooth` also while smoothing is off.
 */
export interface LegendValue {
  readonly raw: number | undefined;
  readonly smooth: number | undefined;
}

/** Buttons that show and hide curves, each with the curve's value. */
export class Legend {
  readonly element = h("ul", { class: "chart-legend" });
  private readonly items = new Map<string, { button: HTMLButtonElement; raw: HTMLElement; smooth: HTMLElement }>();

  constructor(private readonly toggle: (id: string) => void) {
    this.element.setAttribute("role", "list");
  }

  /** Replaces all buttons. @param hidden ids of the hidden curves */
  replace(entries: readonly LegendEntry[], hidden: ReadonlySet<string>): void {
    this.items.clear();
    this.element.replaceChildren(...entries.map((entry) => h("li", {}, this.item(entry, hidden))));
  }

  /** Updates which buttons are pressed: those of visible curves. @param hidden ids of the hidden curves */
  press(hidden: ReadonlySet<string>): void {
    for (const [id, { button }] of this.items) button.setAttribute("aria-pressed", String(!hidden.has(id)));
  }

  /** Shows a value beside a curve's label. */
  value(id: string, { raw, smooth }: LegendValue): void {
    const item = this.items.get(id);
    if (item === undefined) return;
    setText(item.raw, lossText(raw));
    if (smooth === undefined) item.smooth.replaceChildren();
    else if (item.smooth.firstElementChild === null)
      item.smooth.append(h("span", {}, `${t("smoothed")} `), lossText(smooth));
    else item.smooth.lastChild!.nodeValue = lossText(smooth);
  }

  private item({ id, label, name, stroke }: LegendEntry, hidden: ReadonlySet<string>): HTMLElement {
    const raw = h("span", { class: "chart-value" });
    const smooth = h("span", { class: "chart-smooth", title: t("smoothed") });
    const button = h(
      "button",
      {
        type: "button",
        class: "chart-toggle",
        "data-curve": id,
        title: name,
        "aria-pressed": !hidden.has(id) ? "true" : "false",
        onClick: () => this.toggle(id),
      },
      lineSample(stroke),
      h("span", { class: "chart-label" }, label),
      raw,
      smooth,
    );
    this.items.set(id, { button, raw, smooth });
    return button;
  }
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** A short line in a curve's colour, width and dash pattern, for its legend. */
function lineSample({ colour, width, dash }: Stroke): SVGElement {
  const svg = document.createElementNS(svgNamespace, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 26 8", width: "26", height: "8", "aria-hidden": "true" }))
    svg.setAttribute(name, value);
  const line = document.createElementNS(svgNamespace, "line");
  const attributes = {
    x1: "0",
    x2: "26",
    y1: "4",
    y2: "4",
    stroke: colour,
    "stroke-width": String(width + 0.5),
    "stroke-dasharray": dash.join(" "),
  };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** A curve's value at the step nearest to `step` that has a finite unsmoothed value; with null at the last such step. */
export function valueAt({ curve }: ChartCurve, step: number | null): LegendValue {
  const index = nearestFiniteIndex(curve.steps, curve.raw, step ?? Infinity);
  if (index === undefined) return { raw: undefined, smooth: undefined };
  return { raw: curve.raw[index], smooth: curve.smooth === curve.raw ? undefined : curve.smooth[index] };
}
