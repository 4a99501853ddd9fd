import { namesOf } from "../state/domainNames";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section, SectionHost } from "../ui/section";
import { l10n, t } from "../ui/text";
import { Announcer } from "../ui/announcer";
import "./charts.css";
import type { ChartCurve } from "./legend";
import { Controls } from "./controls";
import { metricsCsv } from "./export/csv";
import { indexAtLeast, nearestFiniteIndex } from "../../extension/charts/search";
import { LossChart } from "./lossChart";
import { lossGroups, type LossGroup } from "../../extension/charts/lossGroups";
import { stepText } from "./plot/numbers";
import { readPalette, samePalette, strokeOf, type Palette } from "./plot/palette";
import { panned, clampedRange, zoomed } from "./plot/range";
import { OverlaidRuns } from "./runCurves";
import { fileName, save } from "./export/saving";
import type { Extent } from "../../extension/charts/ticks";

/** The losses of the shown run in one chart per group of losses, which also has the curves of the compared runs. */
export class LossSection implements Section {
  readonly element: HTMLElement;
  private readonly controls: Controls;
  private readonly grid = h("div", { class: "charts-grid" });
  private readonly empty = h("p", { class: "charts-empty" }, t("Losses appear here with the first step."));
  private readonly fault = h("p", { class: "charts-fault", role: "alert" });
  private readonly announcer = new Announcer();
  private readonly runs = new OverlaidRuns();
  private readonly charts = new Map<LossGroup["id"], LossChart>();
  private state: PanelState | undefined;
  private palette: Palette | undefined;
  private zoom: Extent | null = null;
  private cursor: number | null = null;
  private weight = 0.8;
  private log = false;
  private hidden: ReadonlySet<string> = new Set();
  /** Whether something that the charts show has changed since they were drawn. */
  private isStale = true;

  constructor(private readonly host: SectionHost) {
    this.controls = new Controls(this.weight, {
      smooth: (weight) => this.change(() => (this.weight = weight)),
      logarithmic: (on) => this.change(() => (this.log = on)),
      reset: () => this.showRange(null),
      saveCsv: () => this.saveCsv(),
    });
    const heading = h(
      "header",
      { class: "charts-head" },
      h("h2", { id: "charts-heading" }, t("Losses")),
      this.controls.place,
    );
    this.element = h(
      "section",
      { class: "charts", "aria-labelledby": "charts-heading" },
      heading,
      this.controls.element,
      this.empty,
      this.grid,
      this.announcer.element,
    );
    new ResizeObserver(() => this.invalidate()).observe(this.grid);
  }

  update(state: PanelState): void {
    const before = this.state;
    this.state = state;
    if (before?.shown?.run.id !== state.shown?.run.id) {
      this.zoom = null;
      this.cursor = null;
    }
    const same =
      before?.comparison === state.comparison &&
      before.shown?.revision === state.shown?.revision &&
      before.shown?.run.name === state.shown?.run.name &&
      before.shown?.config === state.shown?.config;
    if (!same || this.isStale) this.draw();
  }

  redraw(): void {
    const palette = readPalette(this.element);
    if (this.palette === undefined || !samePalette(palette, this.palette)) this.palette = palette;
    this.draw();
  }

  private change(set: () => void): void {
    set();
    this.invalidate();
  }

  private invalidate(): void {
    this.isStale = true;
    this.host.requestUpdate();
  }

  private draw(): void {
    this.isStale = false;
    const shown = this.state?.shown ?? null;
    this.element.hidden = shown === null;
    if (shown === null) return;
    this.runs.update(shown, this.state?.comparison ?? [], this.weight);
    const groups = lossGroups(this.runs.losses, namesOf(shown.config), l10n);
    const isEmpty = groups.length === 0;
    this.empty.hidden = !isEmpty;
    this.controls.element.hidden = isEmpty;
    this.syncCharts(groups);
    if (isEmpty) return;
    this.palette ??= readPalette(this.element);
    const whole = this.runs.extent;
    this.zoom = this.zoom === null ? null : clampedRange(this.zoom, whole);
    // After a resume from a checkpoint the run may end before the cursor.
    if (this.cursor !== null && this.cursor > whole.max) this.cursor = null;
    const { palette, log, hidden, cursor } = this;
    const x = this.zoom ?? whole;
    for (const group of groups)
      this.charts.get(group.id)?.draw(this.curves(group, palette), { x, log, hidden, cursor, palette });
    this.showPlace();
  }

  private curves({ losses }: LossGroup, palette: Palette): ChartCurve[] {
    return this.runs.all.flatMap(({ id, name, curves }, run) =>
      losses
        .filter((loss) => curves.has(loss.name))
        .map((loss) => ({
          id: run === 0 ? loss.name : `${id}/${loss.name}`,
          label: run === 0 ? loss.label : `${name}: ${loss.label}`,
          name: loss.name,
          stroke: strokeOf(palette, run, loss.place),
          curve: curves.curve(loss.name),
          // Only the shown run's unsmoothed curves are drawn: those of several runs would hide each other.
          faint: run === 0,
        })),
    );
  }

  /** Creates the charts of new groups, and removes those of groups that are gone. */
  private syncCharts(groups: readonly LossGroup[]): void {
    const ids = groups.map(({ id }) => id);
    if (ids.length === this.charts.size && ids.every((id) => this.charts.has(id))) return;
    for (const [id, chart] of this.charts) {
      if (ids.includes(id)) continue;
      chart.dispose();
      this.charts.delete(id);
    }
    for (const group of groups) if (!this.charts.has(group.id)) this.charts.set(group.id, this.chart(group));
    this.grid.replaceChildren(...ids.map((id) => this.charts.get(id)!.element));
  }

  private chart({ id, title }: LossGroup): LossChart {
    const chart: LossChart = new LossChart(title, {
      hover: (step) => this.point(step),
      snap: (step) => this.snap(step),
      select: (range) => this.showRange(range),
      reset: () => this.showRange(null),
      pan: (part) => this.showRange(panned(this.visible, this.runs.extent, part)),
      zoom: (factor, about) => {
        const { min, max } = this.visible;
        this.showRange(zoomed(this.visible, this.runs.extent, factor, about ?? this.cursor ?? (min + max) / 2));
      },
      step: (by, far) => this.walk(chart, by, far),
      edge: (end) => this.moveCursor(chart, this.snap(end === "first" ? this.visible.min : this.visible.max)),
      leave: () => this.point(null),
      toggle: (curve) => this.change(() => (this.hidden = withToggled(this.hidden, curve))),
      save: (extension, content) => this.save(id, extension, content),
    });
    return chart;
  }

  private get visible(): Extent {
    return this.zoom ?? this.runs.extent;
  }

  private showRange(range: Extent | null): void {
    this.change(() => (this.zoom = range));
  }

  private point(step: number | null): void {
    if (step === this.cursor) return;
    this.cursor = step;
    for (const chart of this.charts.values()) chart.point(step);
    this.showPlace();
  }

  private showPlace(): void {
    const { min, max } = this.visible;
    const place =
      this.cursor === null
        ? t("Steps {0} to {1}", stepText(Math.ceil(min)), stepText(Math.floor(max)))
        : this.runs.positionText(this.cursor);
    this.controls.show(place, this.zoom !== null);
  }

  /**
   * Moves the cursor by `by` steps, or if `far` by `by` tenths of the visible range. Without a cursor it appears at the last visible step.
   */
  private walk(chart: LossChart, by: number, far: boolean): void {
    const { steps } = this.runs;
    const { min, max } = this.visible;
    if (this.cursor === null) this.moveCursor(chart, this.snap(max));
    else if (far) this.moveCursor(chart, this.snap(this.cursor + by * ((max - min) / 10)));
    else
      this.moveCursor(
        chart,
        steps[Math.min(Math.max(indexAtLeast(steps, this.cursor) + by, 0), steps.length - 1)] ?? this.cursor,
      );
  }

  /** Moves the cursor to a step, scrolls to it, and announces its values. */
  private moveCursor(chart: LossChart, step: number): void {
    const { min, max } = this.visible;
    if (step < min || step > max)
      this.showRange(panned(this.visible, this.runs.extent, (step - (min + max) / 2) / (max - min)));
    this.point(step);
    this.announcer.announce(() => `${this.runs.positionText(step)}. ${chart.sentence(step)}`);
  }

  /** The step of the shown run that is nearest to `step`. */
  private snap(step: number): number {
    const { steps } = this.runs;
    const index = nearestFiniteIndex(steps, steps, step);
    return index === undefined ? step : steps[index]!;
  }

  /** Waits for the content and asks the host to save it. An error is shown below the controls until a later save succeeds. */
  private save(what: string, extension: string, content: Blob | Promise<Blob>): void {
    const name = fileName(this.state?.shown?.run.name ?? "", what, extension);
    Promise.resolve(content)
      .then((file) => save(this.host, name, file))
      .then(() => this.fault.remove())
      .catch((error: unknown) => {
        setText(
          this.fault,
          t("{0} could not be made: {1}", name, error instanceof Error ? error.message : String(error)),
        );
        this.controls.element.after(this.fault);
      });
  }

  private saveCsv(): void {
    const steps = this.state?.shown?.steps;
    if (steps !== undefined) this.save("metrics", "csv", new Blob([metricsCsv(steps)], { type: "text/csv" }));
  }
}

function withToggled(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
