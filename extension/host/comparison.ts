import { comparisonLine } from "../comparison/comparisonLine";
import { RevganError } from "../protocol/errors";
import type { ComparisonLine } from "../protocol/lines";
import type { RunCostAndQuality, ToWebview } from "../protocol/panel";
import { readEvaluations } from "../runFolder/evaluation";
import { parametersOf } from "./theoryForPanel";
import type { RunHistory } from "./runHistory";
import type { RunRegistry } from "./runRegistry";

type ComparedRuns = Omit<Extract<ToWebview, { type: "comparison" }>, "type" | "asked">;

/** Owns the histories of the runs that a page compares with its shown run, until it compares others. */
export class Comparison {
  private held: string[] = [];
  /** The number of the latest comparison: a comparison that is still reading when the number changes is abandoned. */
  private turn = 0;

  constructor(private readonly runs: RunRegistry) {}

  get ids(): readonly string[] {
    return this.held;
  }

  end(): void {
    this.turn += 1;
    for (const run of this.held) this.runs.histories.release(run);
    this.held = [];
  }

  /**
   * Reads the runs `ids`, which replace those of the comparison before, and computes the cost and quality of each. Deleted runs are left
   * out.
   *
   * @returns null when another comparison began, or {@link end} was called, before all runs were read
   */
  async begin(
    ids: readonly string[],
    shown: { readonly id: string; readonly history: RunHistory | null } | null,
  ): Promise<ComparedRuns | null> {
    this.end();
    const { turn } = this;
    const compared = [];
    for (const id of new Set(ids)) {
      const run = this.runs.store.get(id) === undefined ? undefined : this.runs.get(id);
      if (run === undefined || id === shown?.id) continue;
      const history = this.runs.histories.acquire(id);
      this.held.push(id);
      await history.refresh();
      const costAndQuality = await this.problemOrLine(id, history);
      if (turn !== this.turn) return null;
      compared.push({ run, steps: history.steps.encode(), costAndQuality });
    }
    const own =
      shown?.history == null || compared.length === 0 ? null : await this.problemOrLine(shown.id, shown.history);
    return turn === this.turn ? { runs: compared, shown: own } : null;
  }

  private async problemOrLine(id: string, history: RunHistory): Promise<RunCostAndQuality> {
    try {
      return { line: await costAndQualityOf(this.runs, id, history), problem: null };
    } catch (error) {
      if (!(error instanceof RevganError)) throw error;
      return { line: null, problem: `${error.message}; ${error.remedy}` };
    }
  }
}

/**
 * The cost and quality of a run, from its folder.
 *
 * @param history already refreshed
 * @throws RevganError `run` when its `run.json` or its evaluation is damaged, or its metrics cannot be read
 */
export async function costAndQualityOf(runs: RunRegistry, id: string, history: RunHistory): Promise<ComparisonLine> {
  const config = runs.config(id);
  if (config === undefined)
    throw runs.store.get(id)?.problem ?? new RevganError("run", `${id} is gone`, "name another run");
  const { steps, validations, problem } = history;
  if (problem !== null) throw problem;
  const [parameters, evaluations] = await Promise.all([parametersOf(config), readEvaluations(id)]);
  return comparisonLine({ run: id, config, parameters, steps, validations, evaluations });
}
