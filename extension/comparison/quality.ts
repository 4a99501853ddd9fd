import { plainFigures } from "./bestValidation";
import type { TranslationDirection, ValidationLine } from "../protocol/lines";

/**
 * The metric of a validation: the mean absolute error where pairs exist, else the sliced Wasserstein distance between translations and real
 * pictures.
 */
export type QualityMeasure = "mae" | "slicedWasserstein";

/** The quality at a step; lower is better. */
export interface QualityPoint {
  readonly step: number;
  readonly value: number;
}

/** The quality of one direction over the validations. */
export interface Quality {
  readonly measure: QualityMeasure;
  /** One point for each validation that measured this direction, in the order of the steps; at least one. */
  readonly points: readonly QualityPoint[];
  readonly first: QualityPoint;
  readonly latest: QualityPoint;
  /** The first of the points with the lowest value. */
  readonly best: QualityPoint;
  /**
   * The baseline without a network: the error of the best constant colour, or the distance of the untranslated pictures. Null where it was
   * not measured.
   */
  readonly plain: number | null;
  /** `psnr` (in dB) and `ssim` (at most 1) of the latest validation; null where it did not measure them. */
  readonly psnr: number | null;
  readonly ssim: number | null;
  /** The part of the data set on which the quality was measured. */
  readonly split: "val" | "test";
}

/** The value of a metric in a validation; null where it was not measured. */
export function figureOf(line: ValidationLine, direction: TranslationDirection, name: string): number | null {
  return line.metrics[direction]?.[name] ?? null;
}

/** The quality in one direction over all validations; null while nothing was measured in this direction. */
export function qualityOf(lines: readonly ValidationLine[], direction: TranslationDirection): Quality | null {
  for (const measure of ["mae", "slicedWasserstein"] as const) {
    const measured = lines.filter((line) => figureOf(line, direction, measure) !== null);
    const points = measured.map((line) => ({ step: line.step, value: figureOf(line, direction, measure)! }));
    const [first, latest, newest] = [points[0], points.at(-1), measured.at(-1)];
    if (first === undefined || latest === undefined || newest === undefined) continue;
    return {
      measure,
      points,
      first,
      latest,
      best: points.reduce((best, each) => (each.value < best.value ? each : best)),
      plain: figureOf(newest, direction, plainFigures[measure]),
      psnr: figureOf(newest, direction, "psnr"),
      ssim: figureOf(newest, direction, "ssim"),
      split: newest.split ?? "val",
    };
  }
  return null;
}
