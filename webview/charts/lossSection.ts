import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { Announcer } from "./announcer";
import "./charts.css";
import type { ChartCurve } from "./chartCurve";
import { Controls } from "./controls";
import { metricsCsv } from "./export/csv";
import { indexAtLeast, nearest } from "./plot/decimate";
import { LossChart } from "./lossChart";
import { lossGroups, type LossGroup } from "./lossGroups";
import { stepText } from "./plot/numbers";
import { readPalette, samePalette, strokeOf, type Palette } from "./plot/palette";
import { panned, within, zoomed } from "./plot/range";
import { LaidRuns } from "./laidRuns";
import { fileName, save } from "./export/saving";
import type { Extent } from "./plot/ticks";

/** The losses of the shown run, live, a chart a group, with those of other runs laid over them. */
export function lossSection(host: Host): Section {
  return new LossSection(host);
}

class LossSection implements Section {
  readonly element: HTMLElement;
  private readonly controls: Controls;
  private readonly grid = h("div", { class: "charts-grid" });
  private readonly empty = h("p", { class: "charts-empty" }, t("Losses appear here with the first step."));
  private readonly fault = h("p", { class: "charts-fault", role: "alert" });
  private readonly announcer = new Announcer();
  private readonly runs = new LaidRuns();
  private readonly charts = new Map<LossGroup["id"], LossChart>();
  private state: PanelState | undefined;
  private palette: Palette | undefined;
  private zoom: Extent | null = null;
  private cursor: number | null = null;
  private weight = 0.8;
  private log = false;
  private hidden: ReadonlySet<string> = new Set();
  private frame = 0;

  constructor(private readonly host: Host) {
    this.controls = new Controls(this.weight, {
      smooth: (weight) => this.change(() => (this.weight = weight)),
      logarithmic: (on) => this.change(() => (this.log = on)),
      reset: () => this.look(null),
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
    new ResizeObserver(() => this.schedule()).observe(this.grid);
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
      before.shown?.run.name === state.shown?.run.name;
    if (!same) this.schedule();
  }

  redraw(): void {
    const palette = readPalette(this.element);
    if (this.palette === undefined || !samePalette(palette, this.palette)) this.palette = palette;
    this.schedule();
  }

  private change(set: () => void): void {
    set();
    this.schedule();
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const shown = this.state?.shown ?? null;
    this.element.hidden = shown === null;
    if (shown === null) return;
    this.runs.follow(shown, this.state?.comparison ?? [], this.weight);
    const groups = lossGroups(this.runs.losses);
    const isEmpty = groups.length === 0;
    this.empty.hidden = !isEmpty;
    this.controls.element.hidden = isEmpty;
    this.keepCharts(groups);
    if (isEmpty) return;
    this.palette ??= readPalette(this.element);
    const whole = this.runs.extent;
    this.zoom = this.zoom === null ? null : within(this.zoom, whole);
    // A run that went on from a checkpoint may end before the cursor.
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
          label: run === 0 ? loss.label : `${name}: ${loss.name}`,
          stroke: strokeOf(palette, run, loss.place),
          curve: curves.curve(loss.name),
          // The noise of several runs would hide them all.
          faint: run === 0,
        })),
    );
  }

  /** Makes the charts of groups that are new, and drops those that are gone. */
  private keepCharts(groups: readonly LossGroup[]): void {
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
      select: (range) => this.look(range),
      reset: () => this.look(null),
      pan: (part) => this.look(panned(this.seen, this.runs.extent, part)),
      zoom: (factor, about) => {
        const { min, max } = this.seen;
        this.look(zoomed(this.seen, this.runs.extent, factor, about ?? this.cursor ?? (min + max) / 2));
      },
      step: (by, far) => this.walk(chart, by, far),
      edge: (end) => this.stand(chart, this.snap(end === "first" ? this.seen.min : this.seen.max)),
      leave: () => this.point(null),
      toggle: (curve) => this.change(() => (this.hidden = toggled(this.hidden, curve))),
      save: (extension, content) => this.save(id, extension, content),
    });
    return chart;
  }

  private get seen(): Extent {
    return this.zoom ?? this.runs.extent;
  }

  private look(range: Extent | null): void {
    this.change(() => (this.zoom = range));
  }

  private point(step: number | null): void {
    if (step === this.cursor) return;
    this.cursor = step;
    for (const chart of this.charts.values()) chart.point(step);
    this.showPlace();
  }

  private showPlace(): void {
    const { min, max } = this.seen;
    const place =
      this.cursor === null
        ? t("Steps {0} to {1}", stepText(Math.ceil(min)), stepText(Math.floor(max)))
        : this.runs.placeOf(this.cursor);
    this.controls.show(place, this.zoom !== null);
  }

  /** Moves the cursor along the steps; from nowhere it begins at the newest that is seen. */
  private walk(chart: LossChart, by: number, far: boolean): void {
    const { steps } = this.runs;
    const { min, max } = this.seen;
    if (this.cursor === null) this.stand(chart, this.snap(max));
    else if (far) this.stand(chart, this.snap(this.cursor + by * ((max - min) / 10)));
    else
      this.stand(
        chart,
        steps[Math.min(Math.max(indexAtLeast(steps, this.cursor) + by, 0), steps.length - 1)] ?? this.cursor,
      );
  }

  /** Puts the cursor on a step, moves the range so that it is seen, and says its values. */
  private stand(chart: LossChart, step: number): void {
    const { min, max } = this.seen;
    if (step < min || step > max)
      this.look(panned(this.seen, this.runs.extent, (step - (min + max) / 2) / (max - min)));
    this.point(step);
    this.announcer.say(() => `${this.runs.placeOf(step)}. ${chart.sentence(step)}`);
  }

  /** The nearest step that the shown run has. */
  private snap(step: number): number {
    const { steps } = this.runs;
    const index = nearest(steps, steps, step);
    return index === undefined ? step : steps[index]!;
  }

  /** Asks the host to save a file, or says why there is none. */
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

function toggled(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
