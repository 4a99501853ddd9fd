import { areComparable, costs, figureOf, judgedBy, type Quality } from "../../extension/comparison/figures";
import { directions } from "../../extension/protocol/lines";
import { measureNames } from "../../extension/comparison/measures";
import { fileName, save } from "../charts/export/saving";
import type { Host } from "../host/host";
import { pngOfSvg, styledSvg } from "../charts/export/styledSvg";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { setPressed, toggle, toggleGroup } from "../ui/toggle";
import "./comparison.css";
import { chartsOf } from "./chartData";
import { ComparisonChart } from "./comparisonChart";
import { comparisonCsv } from "./comparisonCsv";
import { ComparisonCursor } from "./comparisonCursor";
import { ComparisonTable } from "./comparisonTable";
import { type ComparedRun, comparedRuns, linesOf } from "./comparedRuns";
import { costText, costTitle, directionTitle, kindTitle, measureText, measureTitle } from "./comparisonText";

/** Milliseconds for which a revealed comparison is kept in view: the sections above it may still grow. */
const settlingTime = 2000;

/** Cost and quality of the shown run and those compared with it: table and charts. Hidden while nothing is compared. */
export class ComparisonView implements Section {
  private readonly heading = h("h2", { id: "comparison-heading", tabindex: -1 }, t("Comparison"));
  private readonly note = h("p", { class: "comparison-note" });
  private readonly table = new ComparisonTable((run) => this.host.post({ type: "act", action: "evaluate", run }));
  private readonly chart = new ComparisonChart();
  private readonly cursor = new ComparisonCursor(this.chart, (id) => this.table.mark(id));
  private readonly measures = measureNames.map((measure) => ({
    measure,
    pressed: toggle(measureTitle(measure), () => this.choose({ measure })),
  }));
  private readonly directions = directions.map((direction) => ({
    direction,
    pressed: toggle(directionTitle(direction), () => this.choose({ direction })),
  }));
  private readonly charts: HTMLElement;
  readonly element: HTMLElement;

  private choice: Quality = { direction: "AtoB", measure: "mae" };
  private entries: readonly ComparedRun[] = [];
  private state: PanelState | null = null;

  constructor(private readonly host: Host) {
    const saves = (["PNG", "SVG"] as const).map((kind) => {
      const name = kind === "PNG" ? t("Save {0} as PNG", t("Comparison")) : t("Save {0} as SVG", t("Comparison"));
      return action(kind, name, () => this.savePicture(kind));
    });
    const csv = action("CSV", t("Save {0} as CSV", t("Comparison")), () =>
      this.save("csv", new Blob([comparisonCsv(this.entries)], { type: "text/csv" })),
    );
    const what = toggleGroup(
      t("Measure"),
      this.measures.map(({ pressed }) => pressed),
    );
    const which = toggleGroup(
      t("Direction"),
      this.directions.map(({ pressed }) => pressed),
    );
    this.charts = h(
      "div",
      { class: "comparison-charts" },
      h("div", { class: "comparison-tools" }, what, which, h("div", { class: "comparison-end" }, ...saves)),
      this.cursor.element,
      this.cursor.readout,
    );
    const head = h("header", { class: "comparison-head" }, this.heading, csv);
    this.element = h(
      "section",
      { class: "comparison", "aria-labelledby": "comparison-heading", hidden: true },
      head,
      this.note,
      this.table.element,
      this.charts,
    );
    new ResizeObserver(() => this.redraw()).observe(this.cursor.element);
  }

  update(state: PanelState): void {
    const before = this.state;
    this.state = state;
    if (
      before?.comparison === state.comparison &&
      before.costAndQuality === state.costAndQuality &&
      before.shown?.run.id === state.shown?.run.id
    )
      return;
    this.entries = comparedRuns(state);
    this.element.hidden = this.entries.length === 0;
    if (this.entries.length === 0) return;
    const { directions: judged, qualities } = judgedBy(linesOf(this.entries));
    const has = (measure: Quality["measure"]): boolean => qualities.some((each) => each.measure === measure);
    for (const { measure, pressed } of this.measures) pressed.hidden = !has(measure);
    for (const { direction, pressed } of this.directions)
      pressed.hidden = judged.length < 2 || !judged.includes(direction);
    this.charts.hidden = judged.length === 0;
    if (!judged.includes(this.choice.direction)) this.choice = { ...this.choice, direction: judged[0] ?? "AtoB" };
    if (!has(this.choice.measure)) this.choice = { ...this.choice, measure: qualities[0]?.measure ?? "mae" };
    setText(this.note, noteOf(this.entries));
    this.note.hidden = this.note.textContent === "";
    this.table.show(this.entries);
    this.press();
    this.redraw();
    // The first state may already have a comparison that a command requested: messages that come together are drawn together.
    if ((before?.reveals ?? 0) !== state.reveals) this.reveal();
  }

  redraw(): void {
    const width = this.chart.element.clientWidth;
    if (this.entries.length === 0 || width === 0) return;
    this.chart.draw(chartsOf(this.entries, this.choice), this.choice, width);
    this.cursor.show(this.entries, (entry) => this.words(entry));
  }

  private reveal(): void {
    this.heading.focus({ preventScroll: true });
    // Sections above may still grow, so it scrolls again after each resize, until the user scrolls, types or clicks.
    const observer = new ResizeObserver(() => this.element.scrollIntoView({ block: "start" }));
    observer.observe(document.body);
    const end = (): void => observer.disconnect();
    setTimeout(end, settlingTime);
    for (const event of ["wheel", "keydown", "pointerdown"]) addEventListener(event, end, { once: true });
  }

  private choose(part: Partial<Quality>): void {
    this.choice = { ...this.choice, ...part };
    this.press();
    this.redraw();
  }

  private press(): void {
    for (const { measure, pressed } of this.measures) setPressed(pressed, measure === this.choice.measure);
    for (const { direction, pressed } of this.directions) setPressed(pressed, direction === this.choice.direction);
  }

  /** A run's figures in one line, also for screen readers. */
  private words({ number, name, line }: ComparedRun): string {
    if (line === null) return "";
    const { measure } = this.choice;
    const quality = figureOf(line, this.choice);
    const spent = costs.flatMap((cost) =>
      line[cost] === null ? [] : [`${costTitle(cost)} ${costText(cost, line[cost])}`],
    );
    const good = `${measureTitle(measure)} ${quality === null ? t("not known") : measureText(measure, quality)}`;
    return `${number} ${name}, ${kindTitle(line.kind)}: ${[good, ...spent].join(", ")}`;
  }

  private savePicture(kind: "PNG" | "SVG"): void {
    const svg = this.chart.withLegend(this.entries);
    const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value];
    const text = styledSvg(svg, t("Comparison"));
    svg.remove();
    void Promise.resolve(kind === "SVG" ? new Blob([text]) : pngOfSvg(text, width, height)).then((content) =>
      this.save(kind.toLowerCase(), content),
    );
  }

  private save(extension: string, content: Blob): void {
    void save(this.host, fileName(this.entries[0]?.name ?? "", "comparison", extension), content);
  }
}

function action(label: string, name: string, onClick: () => void): HTMLElement {
  return h("button", { type: "button", class: "chart-action", "aria-label": name, title: name, onClick }, label);
}

/** Whether the qualities are comparable, and how to evaluate missing runs. */
function noteOf(entries: readonly ComparedRun[]): string {
  const lines = linesOf(entries);
  const isMissing = lines.some(({ judged }) => judged?.by !== "evaluation");
  return [
    areComparable(lines)
      ? ""
      : t("The figures of quality are of different pictures, so none of them is marked as the best."),
    isMissing ? t("Evaluate a run on its test pictures to compare it by them: here, or with revgan evaluate.") : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
