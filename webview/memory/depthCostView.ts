import type { Config } from "../../extension/configuration/defaults";
import { memoryModeOf } from "../../extension/configuration/networkKind";
import type { TheoryPoint } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState, ShownRun } from "../state/panelState";
import { button, setDisabled } from "../ui/button";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { bytesText, exactBytes } from "./bytes";
import { ConfigurationOffer } from "./configurationOffer";
import { costAt, costDurationText, measuredSpeed, type DepthCost } from "./depthCosts";
import { DepthSlider } from "./depthSlider";

const shownCosts = ["largestActivations", "peak", "secondsPerStep", "seconds"] as const satisfies (keyof DepthCost)[];
type Figure = (typeof shownCosts)[number];

/** The cells of a row: a figure at the run's depth (`now`), at the chosen depth (`then`), and the difference (`more`). */
interface CostRow {
  readonly figure: Figure;
  readonly now: HTMLElement;
  readonly then: HTMLElement;
  readonly more: HTMLElement;
}

/** Shows what another depth would cost in memory and time, and offers a new configuration with that depth. */
export class DepthCostView {
  private readonly slider = new DepthSlider((depth) => this.choose(depth));
  private readonly heads = { now: h("th", { scope: "col" }), then: h("th", { scope: "col" }) };
  private readonly rows: readonly CostRow[] = shownCosts.map((figure) => ({
    figure,
    now: h("td"),
    then: h("td"),
    more: h("td"),
  }));
  private readonly start = button(t("New Run at This Depth"), {
    title: t("Writes a configuration with this depth, and all else as in this run"),
    onPress: () => this.newRun(),
  });
  private readonly offer: ConfigurationOffer;
  readonly element: HTMLElement;
  private run: ShownRun | null = null;
  private points: readonly TheoryPoint[] = [];
  private depths: readonly number[] = [];
  /** The chosen depth; null until there are depths to choose from. */
  private chosen: number | null = null;
  private canWrite = false;
  /** The depth whose configuration was requested from the host, to be copied or saved. */
  private requested: number | null = null;

  /** @param onChoose called with the depth that the user has chosen, so that the chart marks it */
  constructor(
    private readonly host: Host,
    private readonly onChoose: (depth: number) => void,
  ) {
    this.offer = new ConfigurationOffer(host);
    const head = h("tr", {}, h("td"), this.heads.now, this.heads.then, h("th", { scope: "col" }, t("difference")));
    const body = this.rows.map(({ figure, now, then, more }) =>
      h("tr", { "data-figure": figure }, h("th", { scope: "row" }, figureLabel(figure)), now, then, more),
    );
    this.element = h(
      "div",
      { class: "depth-cost", role: "group", "aria-label": t("What would depth cost here?"), hidden: true },
      h("h3", {}, t("What would depth cost here?")),
      this.slider.element,
      h("table", { class: "memory-table depth-table" }, h("thead", {}, head), h("tbody", {}, ...body)),
      h(
        "p",
        { class: "memory-note" },
        t("Bytes by theory; time from this run's steps and the operations at each depth."),
      ),
      this.start,
      this.offer.element,
    );
  }

  /** The chosen depth; null while there is nothing to choose. */
  get depth(): number | null {
    return this.chosen;
  }

  update(run: ShownRun & { readonly config: Config }, state: PanelState): void {
    const points = state.theory?.points ?? [];
    const { network } = run.config;
    const isOther = this.run?.run.id !== run.run.id || this.run.config !== run.config;
    this.run = run;
    this.canWrite = state.actions.includes("newRun");
    if (points !== this.points || isOther) {
      this.points = points;
      this.depths = network.generator === "resnet" ? points.map(({ depth }) => depth).filter((depth) => depth > 0) : [];
      if (isOther || this.chosen === null || !this.depths.includes(this.chosen))
        this.chosen = firstChoice(network.depth, this.depths);
    }
    this.element.hidden = this.chosen === null;
    this.offer.show(state.configuration?.depth === this.requested ? state.configuration : null);
    this.draw();
  }

  private choose(depth: number): void {
    this.chosen = depth;
    this.requested = null;
    this.offer.show(null);
    this.draw();
    this.onChoose(depth);
  }

  private draw(): void {
    const { run, chosen } = this;
    if (run?.config == null || chosen === null) return;
    const { depth } = run.config.network;
    const mode = memoryModeOf(run.config.network);
    const speed = measuredSpeed(run);
    const [now, then] = [depth, chosen].map((each) => costAt(this.points, mode, each, speed));
    this.slider.show(this.depths, chosen);
    setText(this.heads.now, t("now: {0}", depth));
    setText(this.heads.then, then == null ? t("{0} blocks: beyond the budget", chosen) : t("{0} blocks", chosen));
    for (const row of this.rows) fillRow(row, now?.[row.figure] ?? null, then?.[row.figure] ?? null);
    setDisabled(this.start, chosen === depth || then == null);
  }

  private newRun(): void {
    if (this.run === null || this.chosen === null) return;
    const request = { run: this.run.run.id, depth: this.chosen };
    if (this.canWrite) {
      this.host.post({ type: "newRunAtDepth", ...request });
      return;
    }
    this.requested = this.chosen;
    this.host.post({ type: "configuration", ...request });
  }
}

/**
 * The depth chosen at first: the smaller of 16 and 64 that is above the run's own, so that the two columns differ; else the deepest known.
 * Null without depths.
 */
function firstChoice(own: number, depths: readonly number[]): number | null {
  return [16, 64].find((depth) => depth > own && depths.includes(depth)) ?? depths.at(-1) ?? null;
}

function figureLabel(figure: Figure): string {
  switch (figure) {
    case "largestActivations":
      return t("Largest activations");
    case "peak":
      return t("Peak");
    case "secondsPerStep":
      return t("Time a step");
    case "seconds":
      return t("Whole training");
  }
}

/** Fills a row with both values and their difference; hides it if a value is null. */
function fillRow({ figure, now, then, more }: CostRow, from: number | null, to: number | null): void {
  const row = now.parentElement!;
  row.hidden = from === null || to === null;
  if (from === null || to === null) return;
  const isBytes = figure === "largestActivations" || figure === "peak";
  const text = isBytes ? bytesText : costDurationText;
  for (const [cell, value] of [
    [now, from],
    [then, to],
  ] as const) {
    setText(cell, text(value));
    if (isBytes) Object.assign(cell, { title: exactBytes(value) }).dataset.bytes = String(value);
  }
  const difference = to - from;
  setText(more, difference === 0 ? t("none") : `${difference > 0 ? "+" : "−"}${text(Math.abs(difference))}`);
}
