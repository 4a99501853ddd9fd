import type { RunEvaluation } from "../../extension/protocol/panel";
import { stepText } from "../charts/plot/numbers";
import type { DirectionChoice } from "../samples/directionChoice";
import { directionLabel, namesOf } from "../state/domainNames";
import type { PanelState } from "../state/panelState";
import { button } from "../ui/button";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { DialogStage } from "../samples/dialogStage";
import { metricFigures } from "./evaluationFigures";
import { worstCasesTable } from "./worstCases";
import "./evaluation.css";

/** The evaluations of the shown run in the chosen direction: mean figures, and the worst cases with their pictures. */
export class EvaluationView implements Section {
  private readonly direction = h("span", { class: "quality-direction" });
  private readonly place = h("div", { class: "evaluation-list" });
  private readonly stage = new DialogStage();
  private readonly dialog: HTMLDialogElement;
  readonly element: HTMLElement;
  private evaluations: readonly RunEvaluation[] | null = null;
  private shownDirection: string | null = null;

  constructor(private readonly choice: DirectionChoice) {
    this.dialog = h(
      "dialog",
      { class: "sample-dialog", "aria-label": t("Worst cases at full size") },
      h(
        "div",
        { class: "dialog-tools" },
        this.stage.zooms,
        h("div", { class: "dialog-group dialog-end" }, button(t("Close"), { onPress: () => this.dialog.close() })),
      ),
      this.stage.element,
    );
    this.element = h(
      "section",
      { class: "evaluation", "aria-labelledby": "evaluation-title", hidden: true },
      h("header", { class: "quality-head" }, h("h2", { id: "evaluation-title" }, t("Evaluation")), this.direction),
      this.place,
      this.dialog,
    );
  }

  update({ shown }: PanelState): void {
    const evaluations = shown?.evaluations ?? [];
    const { direction } = this.choice;
    if (evaluations === this.evaluations && direction === this.shownDirection) return;
    [this.evaluations, this.shownDirection] = [evaluations, direction];
    const own = evaluations.filter((each) => each.direction === direction);
    this.element.hidden = own.length === 0;
    setText(this.direction, directionLabel(direction, namesOf(shown?.config ?? null)));
    const isVolumes = shown?.config?.network.dimensions === 3;
    this.place.replaceChildren(...own.map((each) => this.part(each, isVolumes)));
  }

  redraw(): void {
    this.stage.fit();
  }

  private part(evaluation: RunEvaluation, isVolumes: boolean): HTMLElement {
    const { step, metrics, worst, sheet } = evaluation;
    const when = step === null ? null : t("step {0}", stepText(step));
    const figures = metricFigures(metrics).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
    return h(
      "div",
      { class: "evaluation-part" },
      h(
        "p",
        { class: "evaluation-what" },
        [evaluatedText(evaluation, isVolumes), when].filter((part) => part !== null).join(" · "),
      ),
      h("dl", { class: "facts" }, ...figures),
      worst.length === 0 ? null : worstCasesTable(worst, sheet, () => this.open(sheet)),
    );
  }

  private open(sheet: string | null): void {
    if (sheet === null) return;
    const words = t("Worst cases");
    this.dialog.showModal();
    this.stage.show([{ address: sheet, alternative: words, label: words }]);
  }
}

/** The text that says how many pictures or volumes of which split were evaluated. */
function evaluatedText({ split, images }: RunEvaluation, isVolumes: boolean): string {
  if (split === "test") return isVolumes ? t("{0} test volumes", images) : t("{0} test pictures", images);
  return isVolumes ? t("{0} validation volumes", images) : t("{0} validation pictures", images);
}
