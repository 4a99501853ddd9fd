import type { ValidationLine } from "../protocol/lines";

/** The best validation of a run. */
export interface BestValidation {
  readonly step: number;
  readonly metric: ValidatedMetric;
  readonly value: number;
}

/**
 * The metric by which validations are compared: the mean absolute error against the truth where pairs are known, else the sliced
 * Wasserstein distance between translations and real pictures.
 */
export type ValidatedMetric = "mae" | "slicedWasserstein";

/** For each metric, the field of a validation with the baseline: the value that is reached without a network. */
export const plainFigures = {
  mae: "constantMae",
  slicedWasserstein: "slicedWassersteinUntranslated",
} as const satisfies Readonly<Record<ValidatedMetric, string>>;

/** The best validation so far and the number of validations since, for early stopping. */
export interface ValidationProgress {
  /**
   * The validation with the smallest mean absolute error or, without pairs, the smallest sliced Wasserstein distance, averaged over the
   * directions; the first of equal ones. Only validations on the same pictures as the newest one are compared.
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

/** The metric by which this validation is compared with others. */
export function metricOf({ metrics }: ValidationLine): ValidatedMetric {
  return Object.values(metrics).some(({ mae }) => mae !== undefined) ? "mae" : "slicedWasserstein";
}

/** The mean of a metric over the directions; Infinity where a direction lacks it. */
export function meanOverDirections({ metrics }: ValidationLine, metric: ValidatedMetric): number {
  const values = Object.values(metrics).map((figures) => figures[metric] ?? Infinity);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Whether two validations translated the same pictures: the same part of the data set, and equally many. A field that one of them lacks
 * (earlier versions recorded neither) counts as equal.
 */
export function hasSamePictures(a: ValidationLine, b: ValidationLine): boolean {
  const agree = <T>(x: T | undefined, y: T | undefined): boolean => x === undefined || y === undefined || x === y;
  return agree(a.split, b.split) && agree(a.images, b.images);
}
