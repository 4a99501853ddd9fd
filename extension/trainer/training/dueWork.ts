import { validationProgress } from "../../comparison/bestValidation";
import type { Config } from "../../configuration/config";
import type { ValidationLine } from "../../protocol/lines";

/** What is due after which step. Steps count from 1; a period of 0 means never. */
type Periods = Pick<Config["training"], "sampleEvery" | "validateEvery" | "checkpointEvery" | "earlyStop">;

/** Also after the last step, so that a finished run has samples of its final weights. */
export function isSampleDue(step: number, last: number, { sampleEvery }: Periods): boolean {
  return isDue(step, sampleEvery) || (sampleEvery > 0 && step === last);
}

export function isCheckpointDue(step: number, { checkpointEvery }: Periods): boolean {
  return isDue(step, checkpointEvery);
}

/** Not for a step that has been validated: a run is resumed from a checkpoint before or after its step's validation. */
export function isValidationDue(step: number, done: readonly ValidationLine[], { validateEvery }: Periods): boolean {
  return step > 0 && isDue(step, validateEvery) && done.at(-1)?.step !== step;
}

/** Whether the last `earlyStop` validations were no better than the best one before them. */
export function hasStoppedImproving(done: readonly ValidationLine[], { earlyStop, validateEvery }: Periods): boolean {
  return earlyStop > 0 && validateEvery > 0 && validationProgress(done).since >= earlyStop;
}

function isDue(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}
