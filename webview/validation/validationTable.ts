import { validationProgress } from "../../extension/comparison/bestValidation";
import { directions, type TranslationDirection, type ValidationLine } from "../../extension/protocol/lines";
import { stepText } from "../charts/plot/numbers";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import { locale, t } from "../ui/text";
import "./validation.css";

/** The newest validations are shown, and the best. */
const newest = 5;

const figures = [
  [
    "mae",
    () => t("Error"),
    (isVolumes: boolean) =>
      isVolumes ? t("Mean absolute error, in units of the files") : t("Mean absolute error, of 255"),
    2,
  ],
  ["psnr", () => "PSNR", () => t("Peak signal-to-noise ratio, in dB"), 2],
  ["ssim", () => "SSIM", () => t("Structural similarity, at most 1"), 3],
  [
    "slicedWasserstein",
    () => t("Distance"),
    () => t("Sliced Wasserstein distance between the patches of the translations and of the real pictures, of 255"),
    2,
  ],
] as const;
type Figure = (typeof figures)[number];

/** The shown run's validations, newest first. Hidden for a run without any. */
export class ValidationTable implements Section {
  /** May be wider than the view: focusable, so that the keyboard can scroll it. */
  private readonly place = h("div", {
    class: "validation-scroll",
    role: "region",
    tabindex: 0,
    "aria-labelledby": "validation-title",
  });
  /** Run and steps of the rendered validations: every `steps` message replaces the array, mostly by an equal one. */
  private rendered = "";
  readonly element = h(
    "div",
    { class: "validation", hidden: true },
    h("h2", { id: "validation-title" }, t("Validation")),
    this.place,
  );

  update({ shown }: PanelState): void {
    const lines = shown?.validations ?? [];
    const now = `${shown?.run.id ?? ""} ${lines.map(({ step }) => step).join()}`;
    if (now === this.rendered) return;
    this.rendered = now;
    this.element.hidden = lines.length === 0;
    this.place.replaceChildren(...(lines.length === 0 ? [] : [table(lines, shown?.config?.network.dimensions === 3)]));
  }
}

function table(lines: readonly ValidationLine[], isVolumes: boolean): HTMLElement {
  const { best } = validationProgress(lines);
  const shown = lines.filter(({ step }, i) => i >= lines.length - newest || step === best?.step).reverse();
  const ways = directions.filter((direction) => shown.some(({ metrics }) => metrics[direction] !== undefined));
  const known = figures.filter(([key]) =>
    shown.some(({ metrics }) => Object.values(metrics).some((each) => each[key] !== undefined)),
  );
  const groups = ways.map((direction) =>
    h("th", { scope: "colgroup", colspan: known.length }, directionWord(direction)),
  );
  const names = ways.flatMap(() =>
    known.map(([, name, meaning]) => h("th", { scope: "col", title: meaning(isVolumes) }, name())),
  );
  const head = h(
    "thead",
    {},
    h("tr", {}, h("th", { scope: "col", rowspan: 2 }, t("Step")), ...groups),
    h("tr", {}, ...names),
  );
  return h("table", {}, head, h("tbody", {}, ...shown.map((line) => row(line, ways, known, line.step === best?.step))));
}

function row(
  { step, metrics }: ValidationLine,
  ways: readonly TranslationDirection[],
  known: readonly Figure[],
  isBest: boolean,
): HTMLElement {
  const cells = ways.flatMap((direction) =>
    known.map(([key, , , digits]) => h("td", {}, figureText(metrics[direction]?.[key], digits))),
  );
  return h(
    "tr",
    { class: isBest ? "validation-best" : "" },
    h("th", { scope: "row" }, isBest ? t("{0} (best)", stepText(step)) : stepText(step)),
    ...cells,
  );
}

function figureText(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function directionWord(direction: TranslationDirection): string {
  return direction === "AtoB" ? t("A to B") : t("B to A");
}
