import type { StepColumns } from "../protocol/stepColumns";

/** What a run's steps needed. Null before the first step. */
export interface StepCosts {
  /** Bytes of live tensors, the most of any step. */
  readonly peakBytes: number | null;
  /** The median, to six digits: no pause of the machine and no first step has a part in it. */
  readonly secondsPerStep: number | null;
}

/** Takes them from the run's metrics. */
export function stepCosts(steps: StepColumns): StepCosts {
  const [peaks, seconds] = [numbersOf(steps, "peak"), numbersOf(steps, "seconds")];
  return {
    peakBytes: peaks.length === 0 ? null : peaks.reduce((most, each) => Math.max(most, each), 0),
    secondsPerStep: seconds.length === 0 ? null : rounded(median(seconds)),
  };
}

/** A column without the steps that lack it. */
function numbersOf(steps: StepColumns, column: string): Float64Array {
  return Float64Array.from(steps.column(column)).filter(Number.isFinite);
}

function median(numbers: Float64Array): number {
  const sorted = numbers.slice().sort();
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** The columns hold 32 bits: what is beyond their digits is noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
