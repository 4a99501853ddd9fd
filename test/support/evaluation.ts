import type { EvaluationLine } from "../../extension/protocol/lines";
import { expectDone, ofType } from "./commandLine";
import { type Ended, revgan } from "./programs";

/** `revgan evaluate --json`. */
export function evaluate(run: string, ...words: readonly string[]): Promise<Ended> {
  return revgan(["evaluate", "--json", "--run", run, ...words]);
}

/** The lines of an evaluation that ended well, one for each direction. */
export async function evaluated(run: string, ...words: readonly string[]): Promise<EvaluationLine[]> {
  return ofType(expectDone(await evaluate(run, ...words)), "evaluation");
}
