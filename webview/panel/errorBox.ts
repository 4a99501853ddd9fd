import type { PanelAction, RunSummary } from "../../extension/protocol/panel";
import { asSentence } from "../../extension/protocol/errors";
import { h, setText } from "../ui/element";
import { icon } from "../ui/icons";
import { t } from "../ui/text";
import type { PendingActions } from "./pendingActions";
import { RunButtons } from "./runButtons";

/** Actions that help after a failure. With an error their buttons are in the error box instead of the head. */
export const remedies: readonly PanelAction[] = ["resumeFromCheckpoint", "installEngine", "showLog"];

/** The error of a run, its remedy, and buttons. */
export class ErrorBox {
  private readonly message = h("p", { class: "error-message" });
  private readonly remedy = h("p", { class: "error-remedy" });
  private readonly buttons: RunButtons;
  readonly element: HTMLElement;

  constructor(pending: PendingActions) {
    this.buttons = new RunButtons(pending, t("What helps"), remedies, { primary: ["resumeFromCheckpoint"] });
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
    setText(this.message, error === null ? "" : asSentence(error.message));
    setText(this.remedy, error === null ? "" : asSentence(error.remedy));
    this.buttons.update(run, error === null ? [] : run.actions);
  }
}
