import { metricsLines } from "./metricsLines";

/** What a run's steps needed. Null before the first step. */
export interface StepCosts {
  /** Bytes of live tensors, the most of any step. */
  readonly peakBytes: number | null;
  /** The median: no pause of the machine and no first step has a part in it. */
  readonly secondsPerStep: number | null;
}

/** Takes them from the run's metrics. */
export async function stepCosts(run: string): Promise<StepCosts> {
  const steps = await metricsLines(run, "step");
  if (steps.length === 0) return { peakBytes: null, secondsPerStep: null };
  return { peakBytes: steps.reduce((most, { bytes }) => Math.max(most, bytes.peak), 0), secondsPerStep: median(steps.map(({ seconds }) => seconds)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
