import { RevganError } from "../protocol/errors";
import type { RunWorth, ToWebview } from "../protocol/panel";
import type { RunHistory } from "./runHistory";
import type { Runs } from "./runRegistry";
import { worthOf } from "./costAndQuality";

/** What a webview is told of a comparison. */
type Told = Omit<Extract<ToWebview, { type: "comparison" }>, "type" | "asked">;

/** The runs that are compared with the one that a webview shows; holds their histories for as long. */
export class Comparison {
  private held: string[] = [];
  /** Counts what was to be compared: only the last of it is. */
  private turn = 0;

  constructor(private readonly runs: Runs) {}

  /** The compared runs. */
  get ids(): readonly string[] {
    return this.held;
  }

  end(): void {
    this.turn += 1;
    for (const run of this.held) this.runs.histories.release(run);
    this.held = [];
  }

  /**
   * Compares other runs than before; those that are gone are left out.
   *
   * @param shown the run that they are compared with, and its steps
   * @returns null when the comparison was ended, or another begun, before all of it was read
   */
  async begin(
    ids: readonly string[],
    shown: { readonly id: string; readonly history: RunHistory | null } | null,
  ): Promise<Told | null> {
    this.end();
    const { turn } = this;
    const compared = [];
    for (const id of new Set(ids)) {
      const run = this.runs.store.get(id) === undefined ? undefined : this.runs.get(id);
      if (run === undefined || id === shown?.id) continue;
      const history = this.runs.histories.acquire(id);
      this.held.push(id);
      await history.refresh();
      const worth = await this.worth(id, history);
      if (turn !== this.turn) return null;
      compared.push({ run, steps: history.steps.encode(), worth });
    }
    const own = shown?.history == null || compared.length === 0 ? null : await this.worth(shown.id, shown.history);
    return turn === this.turn ? { runs: compared, shown: own } : null;
  }

  private async worth(id: string, history: RunHistory): Promise<RunWorth> {
    try {
      return { line: await worthOf(this.runs, id, history), problem: null };
    } catch (error) {
      if (!(error instanceof RevganError)) throw error;
      return { line: null, problem: `${error.message}; ${error.remedy}` };
    }
  }
}
