import { validationProgress } from "../../comparison/bestValidation";
import type { Config } from "../../configuration/config";
import type { ValidationLine } from "../../protocol/lines";
import { isPlanned, type ValidationPlan } from "./validationPlan";

/** The settings that say after which steps samples, validations and checkpoints are due. Steps count from 1; a period of 0 means never. */
type Periods = Pick<Config["training"], "sampleEvery" | "validateEvery" | "checkpointEvery" | "earlyStop">;

/** Whether samples are due after a step. They also are after the last step, so that a finished run has samples of its final weights. */
export function isSampleDue(step: number, last: number, { sampleEvery }: Periods): boolean {
  return isDue(step, sampleEvery) || (sampleEvery > 0 && step === last);
}

export function isCheckpointDue(step: number, { checkpointEvery }: Periods): boolean {
  return isDue(step, checkpointEvery);
}

/**
 * Whether a validation is due after a step. A step that was validated already is not validated again: a resumed run's checkpoint may have
 * been written before or after the validation of its step.
 * @param done the validations so far
 * @param plan the plan of automatic validations; null while there is none
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

/**
 * The validations that choose the best checkpoint: those that `training.validateEvery` asked for, on all pictures. Automatic validations,
 * on some of the pictures, are left out.
 */
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
