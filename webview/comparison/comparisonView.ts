import { areComparable } from "../../extension/comparison/figures";
import { fileName, save } from "../charts/export/saving";
import type { Host } from "../host/host";
import { pngOfSvg, styledSvg } from "../charts/export/styledSvg";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import "./comparison.css";
import { chartChoice, nothingWanted, type WantedChart } from "./chartChoice";
import { ChartTools } from "./chartTools";
import { comparedRuns } from "./comparedRuns";
import { ComparisonChart } from "./comparisonChart";
import { comparisonCsv } from "./comparisonCsv";
import { ComparisonCursor } from "./comparisonCursor";
import { drawingOf, drawnRows } from "./comparisonDrawing";
import { type ComparisonRows, comparisonRows, nothingCompared } from "./comparisonRows";
import { ComparisonTable } from "./comparisonTable";
import { figureTitle } from "./comparisonText";
import { rowWords } from "./rowText";

/** Milliseconds for which a revealed comparison is kept in view: the sections above it may still grow. */
const settlingTime = 2000;

/** Cost and quality of the shown run and those compared with it: table and charts. Hidden while nothing is compared. */
export class ComparisonView implements Section {
  private readonly heading = h("h2", { id: "comparison-heading", tabindex: -1 }, t("Comparison"));
  private readonly note = h("p", { class: "comparison-note" });
  private readonly table = new ComparisonTable((run) => this.host.post({ type: "act", action: "evaluate", run }));
  private readonly chart = new ComparisonChart();
  private readonly cursor = new ComparisonCursor(this.chart, (id) => this.table.mark(id));
  private readonly tools = new ChartTools((part) => this.choose(part));
  /** Buttons that save the charts. */
  private readonly pictures: readonly HTMLElement[];
  private readonly charts: HTMLElement;
  readonly element: HTMLElement;

  private wanted: WantedChart = nothingWanted;
  private compared: ComparisonRows = nothingCompared;
  private state: PanelState | null = null;

  constructor(private readonly host: Host) {
    this.pictures = (["PNG", "SVG"] as const).map((kind) => {
      const name = kind === "PNG" ? t("Save {0} as PNG", t("Comparison")) : t("Save {0} as SVG", t("Comparison"));
      return action(kind, name, () => this.savePicture(kind));
    });
    const csv = action("CSV", t("Save {0} as CSV", t("Comparison")), () =>
      this.save("csv", new Blob([comparisonCsv(this.compared)], { type: "text/csv" })),
    );
    this.charts = h(
      "div",
      { class: "comparison-charts" },
      this.tools.element,
      this.cursor.element,
      this.cursor.readout,
    );
    const head = h(
      "header",
      { class: "comparison-head" },
      this.heading,
      h("div", { class: "comparison-saves" }, csv, ...this.pictures),
    );
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
    const runs = comparedRuns(state);
    this.compared = comparisonRows(runs);
    this.element.hidden = runs.length === 0;
    if (runs.length === 0) return;
    setText(this.note, noteOf(this.compared));
    this.note.hidden = this.note.textContent === "";
    this.show();
    // The first state is compared with 0 reveals, because messages that arrive together are drawn together: that state may already contain
    // a comparison that a command has requested.
    if ((before?.reveals ?? 0) !== state.reveals) this.reveal();
  }

  redraw(): void {
    const width = this.chart.element.clientWidth;
    const choice = chartChoice(this.compared, this.wanted);
    const drawing = drawingOf(this.compared, choice, drawnRows(this.compared, choice), width);
    if (this.element.hidden || width === 0 || choice.figure === null || drawing === null) return;
    this.chart.draw(drawing, width);
    const { figure, setting } = choice;
    const { settings, rows } = this.compared;
    this.cursor.show(
      rows.map((row) => ({ id: row.id, words: rowWords(row, settings, figure) })),
      setting === null ? t("Quality against cost: run") : t("{0} against {1}: run", figureTitle(figure), setting.name),
    );
  }

  private show(): void {
    const choice = chartChoice(this.compared, this.wanted);
    for (const element of [this.charts, ...this.pictures]) element.hidden = choice.figure === null;
    this.table.show(this.compared, drawnRows(this.compared, choice));
    this.tools.show(choice);
    this.redraw();
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

  private choose(part: Partial<WantedChart>): void {
    this.wanted = { ...this.wanted, ...part };
    this.show();
  }

  private savePicture(kind: "PNG" | "SVG"): void {
    const svg = this.chart.copyForFile();
    const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value];
    const text = styledSvg(svg, t("Comparison"));
    svg.remove();
    void Promise.resolve(kind === "SVG" ? new Blob([text]) : pngOfSvg(text, width, height)).then((content) =>
      this.save(kind.toLowerCase(), content),
    );
  }

  private save(extension: string, content: Blob): void {
    void save(this.host, fileName(this.state?.shown?.run.name ?? "", "comparison", extension), content);
  }
}

function action(label: string, name: string, onClick: () => void): HTMLElement {
  return h("button", { type: "button", class: "chart-action", "aria-label": name, title: name, onClick }, label);
}

/** The note above the table: whether the qualities are comparable, how to evaluate runs that are not yet, and what ± means. */
function noteOf({ rows, lines }: ComparisonRows): string {
  const isMissing = lines.some(({ judged }) => judged?.by !== "evaluation");
  return [
    areComparable(lines)
      ? ""
      : t("The figures of quality are of different pictures, so none of them is marked as the best."),
    isMissing ? t("Evaluate a run on its test pictures to compare it by them: here, or with revgan evaluate.") : "",
    rows.some(({ runs }) => runs.length > 1)
      ? t("Runs that differ in their seed alone are one row: their mean ± the standard deviation.")
      : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
