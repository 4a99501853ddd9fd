import { h } from "../ui/element";
import { t } from "../ui/text";
import type { PanelState } from "../state/panelState";
import type { PendingActions } from "./pendingActions";
import { RunButtons } from "./runButtons";

/** Shown while no run is: buttons that start a run or show the example. */
export class Welcome {
  private readonly none = h("h1", {}, t("No runs yet"));
  private readonly choose = h("h1", {}, t("No run is shown"));
  private readonly chooseHint = h("p", {}, t("Choose one from the list, or begin another."));
  private readonly hint = h(
    "p",
    {},
    t(
      "Train a network that translates pictures of one kind into another, and back. Losses, samples and memory appear here while it trains.",
    ),
  );
  private readonly buttons: RunButtons;
  private readonly example: RunButtons;
  private readonly exampleHint: HTMLElement;
  readonly element: HTMLElement;

  constructor(pending: PendingActions) {
    this.buttons = new RunButtons(pending, t("Begin"), ["newRun", "trySampleData"], { primary: ["newRun"] });
    this.example = new RunButtons(pending, t("Example"), ["showExample"], {});
    this.exampleHint = h("p", {}, t("Or look at a small one that is trained already."));
    this.element = h(
      "div",
      { class: "welcome" },
      this.none,
      this.choose,
      this.chooseHint,
      this.hint,
      this.buttons.element,
      this.exampleHint,
      this.example.element,
    );
  }

  update({ shown, runs, actions }: PanelState): void {
    this.element.hidden = shown !== null;
    this.none.hidden = runs.length > 0;
    this.choose.hidden = runs.length === 0;
    this.chooseHint.hidden = runs.length === 0;
    this.hint.hidden = runs.length > 0;
    this.buttons.update(null, shown === null ? actions : []);
    this.example.update(null, shown === null ? actions : []);
    this.exampleHint.hidden = this.example.element.hidden;
  }
}
