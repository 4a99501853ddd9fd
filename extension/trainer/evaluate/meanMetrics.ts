import type { EvaluationLine } from "../../protocol/lines";
import type { CaseMetrics } from "./evaluator";

/** Metrics of pictures, in the order in which they are shown; label metrics are of all pixels together, and no means. */
const averaged = ["mae", "psnr", "ssim", "rmse", "rmseInside", "cycleMae"] as const;

/**
 * The mean over the pictures of each picture's value. Pictures without a value have no part in it: those without a partner, equal
 * ones, which have no psnr, and those too small for ssim. Null where none has one; absent for the others.
 */
export function meanMetrics(cases: readonly CaseMetrics[]): EvaluationLine["metrics"] {
  const metrics: EvaluationLine["metrics"] = { mae: null, psnr: null, ssim: null };
  for (const key of averaged) {
    const values = cases.map((each) => each[key]).filter((value) => typeof value === "number");
    if (values.length > 0) metrics[key] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return metrics;
}
