import type { ValidationLine } from "../protocol/lines";

/** The best validation of a run. */
export interface BestValidation {
  readonly step: number;
  readonly metric: ValidatedMetric;
  readonly value: number;
}

/** What validations are compared by: the error against the truth where pairs are known, else the distance between distributions. */
export type ValidatedMetric = "mae" | "slicedWasserstein";

/** The figures of a validation that tell what one gets without a network. */
export const plainFigures = {
  mae: "constantMae",
  slicedWasserstein: "slicedWassersteinUntranslated",
} as const satisfies Readonly<Record<ValidatedMetric, string>>;

/** The best validation so far, for early stopping. */
export interface ValidationProgress {
  /**
   * The validation with the smallest mean absolute error, or without pairs the smallest sliced Wasserstein distance, taken as the mean
   * over the directions; of equal ones the first. Only validations on the pictures of the newest one are compared.
   */
  readonly best: BestValidation | null;
  /** Number of validations after the best one. */
  readonly since: number;
}

/** @param validations in the order of their steps */
export function validationProgress(validations: readonly ValidationLine[]): ValidationProgress {
  const newest = validations.at(-1);
  if (newest === undefined) return { best: null, since: 0 };
  const metric = metricOf(newest);
  let [best, since]: [BestValidation | null, number] = [null, 0];
  for (const line of validations) {
    const value = hasSamePictures(line, newest) ? meanOverDirections(line, metric) : Infinity;
    if (value < (best?.value ?? Infinity)) [best, since] = [{ step: line.step, metric, value }, 0];
    else since++;
  }
  return { best, since };
}

/** The metric that a validation is compared by. */
export function metricOf({ metrics }: ValidationLine): ValidatedMetric {
  return Object.values(metrics).some(({ mae }) => mae !== undefined) ? "mae" : "slicedWasserstein";
}

/** The mean over the directions; Infinity where one has no figure. */
export function meanOverDirections({ metrics }: ValidationLine, metric: ValidatedMetric): number {
  const values = Object.values(metrics).map((figures) => figures[metric] ?? Infinity);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Whether two validations are of the same pictures: of the same part of the data set, and equally many. What one of them does not record
 * (earlier versions recorded neither) counts as equal.
 */
export function hasSamePictures(a: ValidationLine, b: ValidationLine): boolean {
  const agree = <T>(x: T | undefined, y: T | undefined): boolean => x === undefined || y === undefined || x === y;
  return agree(a.split, b.split) && agree(a.images, b.images);
}
