import { dataLocation, foldersOf } from "../configuration/dataLocation";
import type { Config } from "../configuration/defaults";
import type { ComparisonLine, EvaluationLine, ValidationLine } from "../protocol/lines";
import type { StepColumns } from "../protocol/stepColumns";
import { writtenSettings } from "./writtenSettings";

/** The data of a run from which its line in a comparison is made. */
export interface ComparedFolder {
  /** The absolute path of the run folder. */
  readonly run: string;
  readonly config: Config;
  /** Number of parameters of the run's generators. */
  readonly parameters: number;
  readonly steps: StepColumns;
  readonly validations: readonly ValidationLine[];
  /** Evaluations on the test split, at most one for each direction. */
  readonly evaluations: readonly EvaluationLine[];
}

/**
 * The cost and quality of a run: its number of parameters, the largest peak of its steps in bytes, the median of their seconds (to six
 * digits), the metrics of its evaluation on the test split or else of its last validation, and its settings.
 */
export function comparisonLine({
  run,
  config,
  parameters,
  steps,
  validations,
  evaluations,
}: ComparedFolder): ComparisonLine {
  const location = dataLocation(config.data);
  const common = {
    type: "comparison",
    run,
    kind: config.network.kind,
    parameters,
    ...stepCosts(steps),
    steps: steps.length,
    data: location === null ? null : foldersOf(location).join(", "),
    ...writtenSettings(config),
  } as const;
  if (evaluations.length > 0) {
    const metrics = Object.fromEntries(evaluations.map((line) => [line.direction, line.metrics]));
    const images = Math.max(...evaluations.map((line) => line.images));
    return { ...common, metrics, judged: { by: "evaluation", images } };
  }
  const validation = validations.at(-1);
  if (validation === undefined) return { ...common, metrics: null, judged: null };
  const { metrics, step, split, images } = validation;
  const on = { ...(split === undefined ? {} : { split }), ...(images === undefined ? {} : { images }) };
  return { ...common, metrics, judged: { by: "validation", step, ...on } };
}

/** Memory and time of a run's steps. Null before the first step. */
export interface StepCosts {
  /** The largest peak of live tensors in any step, in bytes. */
  readonly peakBytes: number | null;
  /** The median over all steps, to six digits. Unlike a mean, it is not affected by the slow first step or by pauses of the machine. */
  readonly secondsPerStep: number | null;
}

/** Computes the memory and the time per step of a run from its steps. */
export function stepCosts(steps: StepColumns): StepCosts {
  const [peaks, seconds] = [numbersOf(steps, "peak"), numbersOf(steps, "seconds")];
  return {
    peakBytes: peaks.length === 0 ? null : peaks.reduce((most, each) => Math.max(most, each), 0),
    secondsPerStep: seconds.length === 0 ? null : rounded(median(seconds)),
  };
}

/**
 * The sum of the seconds of all steps. A step that the file leaves out (the example run's file has only some) is counted with the seconds
 * of the next step in the file.
 */
export function totalSeconds(steps: StepColumns): number {
  const step = steps.column("step");
  let [total, last] = [0, 0];
  for (const [i, seconds] of steps.column("seconds").entries()) {
    total += seconds * (step[i]! - last);
    last = step[i]!;
  }
  return total;
}

/** The finite numbers of a column: steps that lack the value are left out. */
function numbersOf(steps: StepColumns, column: string): Float64Array {
  return Float64Array.from(steps.column(column)).filter(Number.isFinite);
}

function median(numbers: Float64Array): number {
  const sorted = numbers.slice().sort();
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Rounds to six digits: the columns are float32, so further digits are noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
