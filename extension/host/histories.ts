import type { Line } from "../protocol/lines";
import { RunHistory } from "./runHistory";

/** The histories of the runs that someone looks at; a run that nobody looks at takes no memory. */
export class Histories {
  private readonly held = new Map<string, { readonly history: RunHistory; users: number }>();

  /** @param warn told of metrics that are damaged or cannot be read */
  constructor(private readonly warn: (text: string) => void) {}

  /** A run's history, as far as it was read already: refresh it; {@link release} it when it is not looked at any more. */
  acquire(run: string): RunHistory {
    const entry = this.held.get(run) ?? { history: new RunHistory(run, this.warn), users: 0 };
    this.held.set(run, entry);
    entry.users++;
    return entry.history;
  }

  release(run: string): void {
    const entry = this.held.get(run);
    if (entry === undefined) return;
    entry.users--;
    if (entry.users === 0) this.held.delete(run);
  }

  /** The history of a run that someone looks at. */
  get(run: string): RunHistory | null {
    return this.held.get(run)?.history ?? null;
  }

  /** Adds lines that a trainer told. */
  append(run: string, lines: readonly Line[]): void {
    this.held.get(run)?.history.append(lines);
  }
}
