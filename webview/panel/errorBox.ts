import type { PanelAction, RunSummary } from "../../extension/protocol/panel";
import { sentence } from "../../extension/protocol/errors";
import { h, setText } from "../ui/element";
import { icon } from "../ui/icons";
import { t } from "../ui/text";
import type { Asked } from "./asked";
import { RunButtons } from "./runButtons";

/** What helps after a failure. While an error is shown they stand beside it, and nowhere else. */
export const remedies: readonly PanelAction[] = ["resumeFromCheckpoint", "installEngine", "showLog"];

/** Why a run failed, what to do, and the buttons that do it. */
export class ErrorBox {
  private readonly message = h("p", { class: "error-message" });
  private readonly remedy = h("p", { class: "error-remedy" });
  private readonly buttons: RunButtons;
  readonly element: HTMLElement;

  constructor(asked: Asked) {
    this.buttons = new RunButtons(asked, t("What helps"), remedies, ["resumeFromCheckpoint"]);
    this.element = h(
      "section",
      { class: "error", "aria-label": t("Error"), hidden: true },
      icon("error"),
      h("div", { class: "error-text" }, this.message, this.remedy, this.buttons.element),
    );
  }

  update(run: RunSummary): void {
    const { error } = run;
    this.element.hidden = error === null;
    setText(this.message, error === null ? "" : sentence(error.message));
    setText(this.remedy, error === null ? "" : sentence(error.remedy));
    this.buttons.update(run, error === null ? [] : run.actions);
  }
}
