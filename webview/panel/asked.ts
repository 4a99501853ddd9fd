import type { PanelAction, RunSummary, ShownState } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import { askedWord } from "./words";

/** Milliseconds after which a question that changed nothing may be asked again: the user declined, or the host could not. */
const patience = 15_000;

interface Question {
  readonly state: ShownState;
  readonly word: string;
}

/** What was asked of runs and shows no effect yet, so that the page can answer a press at once. */
export class Asked {
  private readonly questions = new Map<string, Question>();
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly host: Host) {}

  /** Calls back when something was asked, or was not answered for too long. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Asks the host. */
  ask(action: PanelAction, run: RunSummary | null): void {
    this.host.post({ type: "act", action, run: run?.id ?? null });
    const word = askedWord(action);
    if (word === null || run === null) return;
    const question: Question = { state: run.state, word };
    this.questions.set(run.id, question);
    setTimeout(() => {
      if (this.questions.get(run.id) !== question) return;
      this.questions.delete(run.id);
      this.tell();
    }, patience);
    this.tell();
  }

  /** What a run is doing because it was asked to; null when nothing was, or when its state has changed since. */
  wordOf({ id, state }: RunSummary): string | null {
    const question = this.questions.get(id);
    if (question === undefined) return null;
    if (question.state === state) return question.word;
    this.questions.delete(id);
    return null;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
