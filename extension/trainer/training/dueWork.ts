import { validationProgress } from "../../comparison/bestValidation";
import type { Config } from "../../configuration/config";
import type { ValidationLine } from "../../protocol/lines";
import { isPlanned, type ValidationPlan } from "./validationPlan";

/** What is due after which step. Steps count from 1; a period of 0 means never. */
type Periods = Pick<Config["training"], "sampleEvery" | "validateEvery" | "checkpointEvery" | "earlyStop">;

/** Also after the last step, so that a finished run has samples of its final weights. */
export function isSampleDue(step: number, last: number, { sampleEvery }: Periods): boolean {
  return isDue(step, sampleEvery) || (sampleEvery > 0 && step === last);
}

export function isCheckpointDue(step: number, { checkpointEvery }: Periods): boolean {
  return isDue(step, checkpointEvery);
}

/**
 * Not for a step that has been validated: a run is resumed from a checkpoint before or after its step's validation.
 * @param plan of automatic validations; null while there is none
 */
export function isValidationDue(
  step: number,
  last: number,
  done: readonly ValidationLine[],
  { validateEvery }: Periods,
  plan: ValidationPlan | null,
): boolean {
  if (step === 0 || done.at(-1)?.step === step) return false;
  return validateEvery === null ? plan !== null && isPlanned(step, last, plan) : isDue(step, validateEvery);
}

/** Validations that choose the best checkpoint: those at fixed steps, on all pictures. */
export function decisiveValidations(done: readonly ValidationLine[]): ValidationLine[] {
  return done.filter(({ automatic }) => automatic !== true);
}

/** Whether the last `earlyStop` validations were no better than the best one before them. */
export function hasStoppedImproving(done: readonly ValidationLine[], { earlyStop, validateEvery }: Periods): boolean {
  const isAtFixedSteps = validateEvery !== null && validateEvery > 0;
  return earlyStop > 0 && isAtFixedSteps && validationProgress(decisiveValidations(done)).since >= earlyStop;
}

function isDue(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}
