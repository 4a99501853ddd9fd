import type { MemoryMode } from "../../extension/protocol/lines";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { bytesText, exactBytes } from "./bytes";
import { modeLabel, modes } from "./backpropModes";
import { differenceOf, type DepthFigures, type Figures } from "./readout";
import { dashes, marker, s, shapes } from "../ui/svg";

interface Row extends Record<"name" | keyof Figures | "difference", HTMLElement> {
  readonly element: HTMLElement;
}

/** The chart's legend, with the values at the cursor's depth. */
export class ChartLegend {
  private readonly depth = h("th", { scope: "col" });
  private readonly rows = modes.map((mode) => ({ mode, row: row(modeSign(mode), modeLabel(mode)) }));
  private readonly live = row(sign(s("circle", { class: "memory-ring", cx: 14, cy: 7, r: 6 })), t("this training"));
  private readonly resident = row(
    sign(marker("diamond", 14, 7, 4, { class: "memory-resident" })),
    t("its process (resident)"),
  );
  readonly element: HTMLElement;

  constructor() {
    const head = [t("theory"), t("measured"), t("differs")].map((name) => h("th", { scope: "col" }, name));
    const rows = [...this.rows.map(({ row: place }) => place), this.live, this.resident].map(({ element }) => element);
    const caption = h("caption", {}, t("Lines: theory. Markers: measured."));
    const parts = [caption, h("thead", {}, h("tr", {}, this.depth, ...head)), h("tbody", {}, ...rows)];
    this.element = h("table", { class: "memory-table memory-legend", "aria-label": t("Legend and values") }, ...parts);
  }

  /** Shows the values at a depth. @param budget the memory budget in bytes; null without one */
  show({ depth, modeFigures, live, resident }: DepthFigures, budget: number | null): void {
    setText(this.depth, t("{0} blocks", depth));
    for (const { mode, row: place } of this.rows) {
      const figures = modeFigures.find((each) => each.mode === mode);
      place.element.hidden = figures === undefined;
      if (mode === "budget" && budget !== null) {
        setText(place.name, t("within the budget ({0})", bytesText(budget)));
        place.name.title = exactBytes(budget);
      }
      fill(place, figures);
    }
    fill(this.live, live ?? undefined);
    fill(this.resident, { theory: undefined, measured: resident });
  }
}

function row(picture: SVGElement, text: string): Row {
  const name = h("span", {}, text);
  const [theory, measured, difference] = [h("td"), h("td"), h("td")];
  return {
    name,
    theory,
    measured,
    difference,
    element: h(
      "tr",
      {},
      h("th", { scope: "row" }, h("span", { class: "memory-key" }, picture, name)),
      theory,
      measured,
      difference,
    ),
  };
}

function fill(
  { theory, measured, difference }: Row,
  figures: Figures = { theory: undefined, measured: undefined },
): void {
  for (const [cell, bytes] of [
    [theory, figures.theory],
    [measured, figures.measured],
  ] as const) {
    setText(cell, bytes === undefined ? "–" : bytesText(bytes));
    cell.title = bytes === undefined ? "" : exactBytes(bytes);
  }
  setText(difference, differenceOf(figures));
}

function modeSign(mode: MemoryMode): SVGElement {
  const line = s("path", { class: `memory-curve mode-${mode}`, d: "M0,7H28", "stroke-dasharray": dashes[mode] });
  return sign(line, marker(shapes[mode], 14, 7, 4, { class: `memory-measured mode-${mode}` }));
}

function sign(...drawn: SVGElement[]): SVGElement {
  return s("svg", { class: "memory-sign", width: 28, height: 14, "aria-hidden": "true" }, ...drawn);
}
