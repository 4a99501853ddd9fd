import type { EvaluationLine } from "../../protocol/lines";
import type { CaseMetrics } from "./evaluator";

/** Metrics of pictures, in the order in which they are shown; label metrics are of all pixels together, and no means. */
const averaged = ["mae", "psnr", "ssim", "rmse", "rmseInside", "cycleMae"] as const;

/**
 * The mean of each metric over the pictures that have it. A picture lacks all but `cycleMae` without a partner, psnr where it equals
 * its partner, and ssim where it is too small. A metric that no picture has is null if it is mae, psnr or ssim, else absent.
 */
export function meanMetrics(cases: readonly CaseMetrics[]): EvaluationLine["metrics"] {
  const metrics: EvaluationLine["metrics"] = { mae: null, psnr: null, ssim: null };
  for (const key of averaged) {
    const values = cases.map((each) => each[key]).filter((value) => typeof value === "number");
    if (values.length > 0) metrics[key] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return metrics;
}
