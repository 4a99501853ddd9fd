import type { EvaluationLine } from "../../protocol/lines";
import type { CaseMetrics } from "./evaluator";

/**
 * The metrics that are averaged over pictures, in the order in which they are shown. Label metrics are not: they are computed over all
 * pixels together.
 */
const averaged = ["mae", "psnr", "ssim", "rmse", "rmseInside", "cycleMae"] as const;

/**
 * The mean of each metric over the pictures that have it. A picture without a partner has only `cycleMae`; psnr is missing where the
 * picture equals its partner, and ssim where it is too small. A metric that no picture has is null if it is mae, psnr or ssim, else absent.
 */
export function meanMetrics(cases: readonly CaseMetrics[]): EvaluationLine["metrics"] {
  const metrics: EvaluationLine["metrics"] = { mae: null, psnr: null, ssim: null };
  for (const key of averaged) {
    const values = cases.map((each) => each[key]).filter((value) => typeof value === "number");
    if (values.length > 0) metrics[key] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return metrics;
}
