import { namesOf } from "../state/domainNames";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section, SectionHost } from "../ui/section";
import { l10n, t } from "../ui/text";
import "./charts.css";
import { finiteFrom } from "../../extension/charts/search";
import { lossGroups, type LossGroup } from "../../extension/charts/lossGroups";
import { lossText } from "./plot/numbers";
import { readPalette, strokeOf, type Palette } from "./plot/palette";
import { RunCurves } from "./runCurves";
import { paintLines, sceneOf, type SceneCurve } from "./plot/scene";

const height = 32;

/** The weight of the exponential smoothing. It is large, because in such small curves noise would hide the trend. */
const smoothingWeight = 0.9;

/** The groups of losses that the side view shows. */
const shownGroups: readonly LossGroup["id"][] = ["generator", "discriminator", "cycle", "l1"];

/** The losses of the shown run as small curves, each with its latest value. */
export class Sparklines implements Section {
  readonly element = h("section", { class: "sparklines", "aria-label": t("Losses") });
  private readonly curves = new RunCurves();
  private readonly rows = new Map<LossGroup["id"], SparkRow>();
  private state: PanelState | undefined;
  private revision: number | undefined;
  /** Whether the size has changed since the curves were drawn. */
  private isStale = true;

  constructor(host: SectionHost) {
    new ResizeObserver(() => {
      this.isStale = true;
      host.requestUpdate();
    }).observe(this.element);
  }

  update(state: PanelState): void {
    this.state = state;
    if (this.revision === state.shown?.revision && !this.isStale) return;
    this.revision = state.shown?.revision;
    this.redraw();
  }

  redraw(): void {
    this.isStale = false;
    const steps = this.state?.shown?.steps;
    const names = namesOf(this.state?.shown?.config ?? null);
    const groups =
      steps === undefined ? [] : lossGroups(steps.losses, names, l10n).filter(({ id }) => shownGroups.includes(id));
    this.element.hidden = groups.length === 0;
    if (steps === undefined) return;
    const palette = readPalette(this.element);
    const rows = groups.map((group) => {
      const row = this.rows.get(group.id) ?? new SparkRow(group.title);
      this.rows.set(group.id, row);
      return row;
    });
    const elements = rows.map(({ element }) => element);
    if (
      elements.length !== this.element.children.length ||
      elements.some((element, index) => element !== this.element.children[index])
    )
      this.element.replaceChildren(...elements);
    this.curves.update(steps, smoothingWeight);
    groups.forEach(({ losses }, index) =>
      rows[index]!.draw(
        losses.map(({ label, place, name }) => ({
          label,
          stroke: strokeOf(palette, 0, place),
          faint: false,
          curve: this.curves.curve(name),
        })),
        palette,
      ),
    );
  }
}

type SparkCurve = SceneCurve & { readonly label: string };

/** One group of losses: a title, small curves, and the latest value of each curve. */
class SparkRow {
  private readonly canvas = h("canvas", { role: "img" });
  private readonly values = h("span", { class: "spark-values" });
  readonly element: HTMLElement;

  constructor(private readonly title: string) {
    this.element = h("div", { class: "spark" }, h("span", { class: "spark-title" }, title), this.canvas, this.values);
  }

  draw(curves: readonly SparkCurve[], palette: Palette): void {
    const latest = curves.map(({ curve: { raw } }) => lossText(raw[finiteFrom(raw, raw.length - 1, -1)]));
    this.canvas.setAttribute(
      "aria-label",
      t("{0}. Latest: {1}", this.title, curves.map(({ label }, index) => `${label}: ${latest[index]!}`).join(", ")),
    );
    setText(this.values, latest.join(" / "));
    const ratio = devicePixelRatio;
    const width = Math.round(this.canvas.clientWidth * ratio);
    this.canvas.width = width;
    this.canvas.height = height * ratio;
    const context = this.canvas.getContext("2d");
    const steps = curves[0]?.curve.steps;
    if (context === null || width === 0 || !steps?.length) return;
    const [min, max] = [steps[0]!, steps.at(-1)!];
    const scene = sceneOf(curves, min === max ? { min: min - 1, max: max + 1 } : { min, max }, width, false);
    paintLines(context, scene, { left: 0, top: ratio, width, height: (height - 2) * ratio }, ratio, palette.strong);
  }
}
