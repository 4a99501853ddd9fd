import type { Config } from "../../extension/configuration/config";
import { memoryModeOf } from "../../extension/configuration/networkKind";
import type { Theory } from "../../extension/protocol/panel";
import { fileName, save } from "../charts/export/saving";
import type { Host } from "../host/host";
import type { PanelState, ShownRun } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { setPressed, toggle, toggleGroup } from "../ui/toggle";
import { ChartCursor } from "./chartCursor";
import { liveData, pointAt, curvesAndMeasurements } from "./chartData";
import { theoryDepths } from "../../extension/charts/theoryDepths";
import { DepthCostView } from "./depthCostView";
import { depthStory } from "./depthStory";
import { pngOfSvg, styledSvg } from "../charts/export/styledSvg";
import "./memory.css";
import { MeasureControls } from "./measureControls";
import { MemoryChart } from "./memoryChart";
import { MemoryTable } from "./memoryTable";
import { quantities, quantityLabel, type Quantity } from "./backpropModes";
import { PeakBreakdown } from "./peakBreakdown";

/** A run with a usable configuration, without which memory theory cannot predict anything. */
type ConfiguredRun = ShownRun & { readonly config: Config };

/** Shows a run's memory: predicted and measured bytes against depth, and the parts of the current peak. */
export class MemoryView implements Section {
  private readonly sentence = h("p", { class: "memory-sentence" });
  private readonly note = h("p", { class: "memory-note memory-why" });
  private readonly chart = new MemoryChart();
  private readonly cursor = new ChartCursor(this.chart);
  private readonly table = new MemoryTable();
  private readonly breakdown = new PeakBreakdown();
  private readonly measure: MeasureControls;
  private readonly cost: DepthCostView;
  private readonly choices = quantities.map((quantity) => ({
    quantity,
    pressed: toggle(quantityLabel(quantity), () => this.chooseQuantity(quantity)),
  }));
  private readonly content = h("div", { class: "memory-layout", hidden: true });
  readonly element = h(
    "section",
    { class: "memory", "aria-label": t("Memory against depth") },
    h("h2", {}, t("Memory against depth")),
    this.sentence,
    this.note,
    this.content,
  );

  private quantity: Quantity = "largestActivations";
  private run: ConfiguredRun | null = null;
  private theory: Theory | null = null;
  private configuration: PanelState["configuration"] = null;
  /** The depths for which the theory was requested. */
  private depths: readonly number[] = [];
  private still: ReturnType<typeof curvesAndMeasurements> | null = null;

  constructor(private readonly host: Host) {
    this.measure = new MeasureControls(host);
    this.cost = new DepthCostView(host, () => this.redraw());
    const saves = (["PNG", "SVG"] as const).map((kind) => {
      const name =
        kind === "PNG"
          ? t("Save {0} as PNG", t("Memory against depth"))
          : t("Save {0} as SVG", t("Memory against depth"));
      return h(
        "button",
        { type: "button", class: "chart-action", "aria-label": name, title: name, onClick: () => void this.save(kind) },
        kind,
      );
    });
    const what = toggleGroup(
      t("Bytes shown"),
      this.choices.map(({ pressed }) => pressed),
    );
    const tools = h(
      "div",
      { class: "memory-tools" },
      what,
      this.measure.element,
      h("div", { class: "memory-end" }, ...saves),
    );
    this.content.append(
      h("div", { class: "memory-main" }, tools, this.cursor.element),
      this.cost.element,
      h("div", { class: "memory-values" }, this.cursor.legend.element),
      this.table.element,
      this.breakdown.element,
    );
    new ResizeObserver(() => this.redraw()).observe(this.cursor.element);
    this.press();
    setText(this.sentence, t("No run is shown."));
  }

  update(state: PanelState): void {
    const shown = state.shown !== null && hasConfiguration(state.shown) ? state.shown : null;
    const [before, theory] = [this.run, this.theory];
    this.run = shown;
    this.theory = state.theory;
    const { configuration } = this;
    this.configuration = state.configuration;
    if (shown === before && state.theory === theory && state.configuration === configuration) return;
    this.content.hidden = shown === null;
    if (shown === null) {
      setText(this.sentence, t("No run is shown."));
      setText(this.note, "");
      return;
    }
    this.cost.update(shown, state);
    if (shown.run !== before?.run || shown.memory !== before.memory) this.measure.show(shown);
    this.breakdown.update(shown.lastStepLine);
    const other = shown.config !== before?.config || shown.run.engine?.name !== before.run.engine?.name;
    const measured = shown.memory.lines !== before?.memory.lines;
    if (other || measured) this.requestTheory(shown, other);
    if (other || measured || state.theory !== theory) this.updateStatic(shown);
    else if (shown.lastStepLine !== before.lastStepLine || shown.run.state !== before.run.state) this.draw(shown);
  }

  redraw(): void {
    if (this.run !== null) this.draw(this.run);
  }

  /** Requests predictions from the host if the configuration, the engine or the depths have changed. */
  private requestTheory({ config, memory, run }: ConfiguredRun, other: boolean): void {
    const depths = theoryDepths(
      config.network,
      memory.lines.map((line) => line.depth),
    );
    if (!other && depths.join() === this.depths.join()) return;
    this.depths = depths;
    this.host.post({ type: "theory", run: run.id, depths });
  }

  /** Updates everything that depends on theory and measurements. Until the theory arrives only measured points are shown. */
  private updateStatic(shown: ConfiguredRun): void {
    const points = this.theory?.points ?? [];
    const missing = this.theory?.problem ?? null;
    const { sentence, note } = depthStory(this.quantity, shown.config.network, points);
    setText(this.sentence, missing === null ? sentence : t("There is no theory for this run: {0}.", missing));
    setText(this.note, note);
    this.still = curvesAndMeasurements(this.quantity, points, shown.memory.lines, shown.config.network.memoryBudget);
    this.table.show(this.quantity, points, shown.memory.lines, shown.config.network.depth);
    this.draw(shown);
  }

  private draw({ config, lastStepLine, run }: ConfiguredRun): void {
    const width = this.cursor.element.clientWidth;
    if (this.still === null || width === 0) return;
    const data = {
      ...this.still,
      ...liveData(this.quantity, config, lastStepLine, run.state === "running"),
      chosen: pointAt(this.still, memoryModeOf(config.network), this.cost.depth),
    };
    this.chart.draw(data, width);
    this.cursor.show(data, config.network.depth);
  }

  private chooseQuantity(quantity: Quantity): void {
    this.quantity = quantity;
    this.press();
    if (this.run !== null) this.updateStatic(this.run);
  }

  private press(): void {
    for (const { quantity, pressed } of this.choices) setPressed(pressed, quantity === this.quantity);
  }

  private async save(kind: "PNG" | "SVG"): Promise<void> {
    if (this.run === null) return;
    const name = fileName(this.run.run.name, "memory", kind.toLowerCase());
    const { width, height } = this.chart.axes;
    const svg = styledSvg(this.chart.svg, t("Memory against depth"));
    const content = kind === "SVG" ? new Blob([svg]) : await pngOfSvg(svg, width, height);
    await save(this.host, name, content);
  }
}

function hasConfiguration(run: ShownRun): run is ConfiguredRun {
  return run.config !== null;
}
