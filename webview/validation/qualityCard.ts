import { hasEnded } from "../panel/runText";
import { directionLabel, namesOf, targetName } from "../state/domainNames";
import type { DirectionChoice } from "../samples/directionChoice";
import type { PanelState, ShownRun } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { type Quality, qualityOf } from "../../extension/comparison/quality";
import { QualityCurve } from "./qualityCurve";
import { courseText, figureText, meaningText, missingText, unitText } from "./qualityText";
import { validationTable } from "./validationTable";
import "./validation.css";

/** Shows the quality of the translations: the figure of the latest validation, its curve over the steps, and on demand a table. */
export class QualityCard implements Section {
  private readonly direction = h("span", { class: "quality-direction" });
  private readonly figure = h("strong", { class: "quality-figure" });
  private readonly unit = h("span", { class: "quality-unit" });
  private readonly meaning = h("p", { class: "quality-meaning" });
  private readonly course = h("p", { class: "quality-meaning" });
  private readonly curve = new QualityCurve();
  private readonly others = h("dl", { class: "quality-others" });
  private readonly missing = h("p", { class: "quality-missing" });
  private readonly table = h("div", {
    id: "quality-table",
    class: "validation-scroll",
    role: "region",
    // A scrollable region must be focusable, so that the keyboard can scroll it.
    tabindex: 0,
    "aria-label": t("{0}: table", t("Quality")),
    hidden: true,
  });
  private readonly button = h(
    "button",
    {
      type: "button",
      class: "chart-action",
      "aria-expanded": "false",
      "aria-controls": "quality-table",
      "aria-label": t("{0}: table", t("Quality")),
      onClick: () => this.flip(),
    },
    t("Table"),
  );
  private readonly content: HTMLElement;
  readonly element: HTMLElement;
  private shown: ShownRun | null = null;
  /** JSON of the rendered values. Every `steps` message replaces the validations, mostly by equal ones, which are not rendered again. */
  private rendered = "";

  constructor(private readonly choice: DirectionChoice) {
    this.content = h(
      "div",
      { class: "quality-content" },
      h("div", { class: "quality-now" }, h("p", {}, this.figure, " ", this.unit), this.meaning, this.course),
      this.curve.element,
      this.others,
    );
    this.element = h(
      "section",
      { class: "quality", "aria-labelledby": "quality-title" },
      h(
        "header",
        { class: "quality-head" },
        h("h2", { id: "quality-title" }, t("Quality")),
        this.direction,
        this.button,
      ),
      this.missing,
      this.content,
      this.table,
    );
  }

  update({ shown }: PanelState): void {
    this.shown = shown;
    if (shown === null) return;
    const { direction } = this.choice;
    const { validateEvery = null } = shown.config?.training ?? {};
    const { validations } = shown;
    const rendered = JSON.stringify([
      shown.run.id,
      direction,
      validateEvery,
      shown.config === null,
      hasEnded(shown.run),
      validations.length,
      validations.at(-1),
    ]);
    if (rendered === this.rendered) return;
    this.rendered = rendered;
    const quality = qualityOf(shown.validations, direction);
    this.missing.hidden = quality !== null;
    this.content.hidden = this.button.hidden = quality === null;
    const names = namesOf(shown.config);
    setText(this.direction, directionLabel(direction, names));
    if (quality === null) {
      setText(this.missing, missingText(shown));
      this.table.hidden = true;
    } else {
      const isVolumes = shown.config?.network.dimensions === 3;
      this.showFigures(quality, meaningText(quality, targetName(direction, names), isVolumes), isVolumes);
    }
    this.button.setAttribute("aria-expanded", String(!this.table.hidden));
    this.fillTable();
  }

  private showFigures(quality: Quality, meaning: string, isVolumes: boolean): void {
    const course = courseText(quality);
    setText(this.figure, figureText(quality.latest.value));
    setText(this.unit, unitText(quality, isVolumes));
    setText(this.meaning, meaning);
    setText(this.course, course);
    this.curve.show(quality, `${figureText(quality.latest.value)}. ${meaning} ${course}`);
    const { psnr, ssim } = quality;
    const pairs = [
      ...(psnr === null ? [] : [[t("PSNR"), t("{0} dB", figureText(psnr))] as const]),
      ...(ssim === null ? [] : [[t("SSIM"), ssim.toFixed(3)] as const]),
    ];
    this.others.hidden = pairs.length === 0;
    this.others.replaceChildren(...pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  private flip(): void {
    this.table.hidden = !this.table.hidden;
    this.button.setAttribute("aria-expanded", String(!this.table.hidden));
    this.fillTable();
  }

  private fillTable(): void {
    if (!this.table.hidden && this.shown !== null)
      this.table.replaceChildren(validationTable(this.shown.validations, this.choice.direction));
  }
}
