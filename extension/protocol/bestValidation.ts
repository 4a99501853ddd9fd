import type { ValidationLine } from "./lines";
import type { Run } from "./run";

/** What validations say of a run so far. */
export interface Standing {
  /** The validation with the smallest mean absolute error, taken as the mean over the directions; of equal ones the first. */
  readonly best: Run["best"];
  /** Validations since then. */
  readonly since: number;
}

/** @param validations in the order of their steps */
export function standingAfter(validations: readonly ValidationLine[]): Standing {
  let [best, since]: [Run["best"], number] = [null, 0];
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
