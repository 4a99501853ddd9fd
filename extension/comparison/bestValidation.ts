import type { ValidationLine } from "../protocol/lines";

/** The best validation of a run. */
export interface BestValidation {
  readonly step: number;
  readonly metric: string;
  readonly value: number;
}

/** The best validation so far, for early stopping. */
export interface ValidationProgress {
  /** The validation with the smallest mean absolute error, taken as the mean over the directions; of equal ones the first. */
  readonly best: BestValidation | null;
  /** Number of validations after the best one. */
  readonly since: number;
}

/** @param validations in the order of their steps */
export function validationProgress(validations: readonly ValidationLine[]): ValidationProgress {
  let [best, since]: [BestValidation | null, number] = [null, 0];
  for (const { step, metrics } of validations) {
    const value = meanError(metrics);
    if (value < (best?.value ?? Infinity)) [best, since] = [{ step, metric: "mae", value }, 0];
    else since++;
  }
  return { best, since };
}

function meanError(metrics: ValidationLine["metrics"]): number {
  const errors = Object.values(metrics).map(({ mae }) => mae ?? Infinity);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}
