import type { PanelAction, RunSummary } from "../../extension/protocol/panel";
import type { Config } from "../../extension/configuration/config";
import { asSentence } from "../../extension/protocol/errors";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import type { PendingActions } from "./pendingActions";
import { ErrorBox, remedies } from "./errorBox";
import { Facts } from "./facts";
import { Progress } from "./progress";
import { RunButtons } from "./runButtons";
import { RunState } from "./runState";
import { configText, domainsTitle } from "./runText";

/** The head of the page: name, state, progress and buttons of the shown run. */
export class RunHead {
  private readonly name = h("h1", { class: "run-name" });
  private readonly about = h("p", { class: "head-about" });
  private readonly state = new RunState();
  private readonly note = h("span", { class: "note" });
  private readonly facts = new Facts();
  private readonly progress = new Progress();
  private readonly buttons: RunButtons;
  private readonly error: ErrorBox;
  /** The live region that announces the run's state to screen readers. Its text changes only when the state changes. */
  private readonly announcement = h("p", { class: "visually-hidden", role: "status" });
  private announced: string | null = null;
  readonly element: HTMLElement;

  constructor(
    private readonly asked: PendingActions,
    offered: readonly PanelAction[],
  ) {
    this.buttons = new RunButtons(asked, t("Run"), offered, {
      primary: ["resume", "resumeFromCheckpoint", "translatePicture"],
      icons: ["revealRun", "showLog"],
    });
    this.error = new ErrorBox(asked);
    const title = h("div", { class: "head-title" }, this.name, this.about);
    const state = h("p", { class: "head-state" }, this.state.element, this.note);
    this.element = h(
      "header",
      { class: "head" },
      h("div", { class: "head-line" }, title, this.buttons.element),
      h("div", { class: "head-now" }, state, this.facts.element),
      this.progress.element,
      this.error.element,
      this.announcement,
    );
  }

  /** @param config null when `run.json` cannot be used */
  update(run: RunSummary, config: Config | null): void {
    const title = config === null ? null : domainsTitle(config);
    setText(this.name, title ?? run.name);
    this.name.title = run.name;
    setText(this.about, config === null ? "" : [...(title === null ? [] : [run.name]), configText(config)].join(" · "));
    this.about.hidden = config === null;
    this.state.update(run, this.asked.textOf(run));
    setText(this.note, run.state === "paused" ? asSentence(run.note ?? "") : (run.note ?? ""));
    this.note.hidden = run.note === null;
    this.facts.update(run, config);
    this.progress.update(run);
    this.error.update(run);
    this.buttons.update(
      run,
      run.error === null ? run.actions : run.actions.filter((action) => !remedies.includes(action)),
    );
    this.announce(run);
  }

  private announce(run: RunSummary): void {
    const now = `${run.id}\n${this.state.word}`;
    // The state in which the page opens is not announced, only changes.
    if (this.announced !== null && this.announced !== now)
      setText(this.announcement, run.error === null ? this.state.word : `${this.state.word}. ${run.error.message}`);
    this.announced = now;
  }
}
