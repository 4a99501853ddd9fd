import type { EvaluationLine } from "../../extension/protocol/lines";
import { expectDone, ofType } from "./commandLine";
import { type Ended, revgan } from "./programs";

/** Runs `revgan evaluate --json` for a run to its end. @param words further arguments */
export function evaluate(run: string, ...words: readonly string[]): Promise<Ended> {
  return revgan(["evaluate", "--json", "--run", run, ...words]);
}

/** Evaluates a run, checks that this succeeds, and returns the lines of the results, one for each direction. */
export async function evaluated(run: string, ...words: readonly string[]): Promise<EvaluationLine[]> {
  return ofType(expectDone(await evaluate(run, ...words)), "evaluation");
}
