import { comparisonLine } from "../comparison/comparisonLine";
import { RevganError } from "../protocol/errors";
import type { ComparisonLine } from "../protocol/lines";
import { readEvaluations } from "../runFolder/evaluation";
import { parametersOf } from "./memoryTheory";
import type { RunHistory } from "./runHistory";
import type { Runs } from "./runRegistry";

/**
 * What a run costs and how good it is, from its folder alone.
 *
 * @param history read as far as it is to be counted
 * @throws RevganError `run` when its `run.json` or its evaluation is damaged, or its metrics cannot be read
 */
export async function worthOf(runs: Runs, id: string, history: RunHistory): Promise<ComparisonLine> {
  const config = runs.config(id);
  if (config === undefined)
    throw runs.store.get(id)?.problem ?? new RevganError("run", `${id} is gone`, "name another run");
  const { steps, validations, problem } = history;
  if (problem !== null) throw problem;
  const [parameters, evaluations] = await Promise.all([parametersOf(config), readEvaluations(id)]);
  return comparisonLine({ run: id, config, parameters, steps, validations, evaluations });
}
