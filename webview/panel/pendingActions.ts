import type { PanelAction, RunSummary, ShownState } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import { pendingWord } from "./runText";

/** Milliseconds after which an action without effect is given up: the user cancelled its dialog, or it failed. */
const actionTimeout = 15_000;

interface PendingAction {
  readonly state: ShownState;
  readonly word: string;
}

/** Actions that were sent to the host and have had no effect yet. Buttons show them at once, before the host answers. */
export class PendingActions {
  private readonly questions = new Map<string, PendingAction>();
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly host: Host) {}

  /** Adds a listener that is called when an action was sent or has timed out. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Sends an action to the host. */
  request(action: PanelAction, run: RunSummary | null): void {
    this.host.post({ type: "act", action, run: run?.id ?? null });
    const word = pendingWord(action);
    if (word === null || run === null) return;
    const question: PendingAction = { state: run.state, word };
    this.questions.set(run.id, question);
    setTimeout(() => {
      if (this.questions.get(run.id) !== question) return;
      this.questions.delete(run.id);
      this.notify();
    }, actionTimeout);
    this.notify();
  }

  /** The text of a run's pending action; null for none, and once its state has changed. */
  textOf({ id, state }: RunSummary): string | null {
    const question = this.questions.get(id);
    if (question === undefined) return null;
    if (question.state === state) return question.word;
    this.questions.delete(id);
    return null;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
