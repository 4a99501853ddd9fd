import { dataLocation, foldersOf } from "../configuration/dataLocation";
import type { Config } from "../configuration/defaults";
import type { ComparisonLine, EvaluationLine, ValidationLine } from "../protocol/lines";
import type { StepColumns } from "../protocol/stepColumns";
import { writtenSettings } from "./writtenSettings";

/** What a comparison needs of a run. */
export interface ComparedFolder {
  /** Its absolute path. */
  readonly run: string;
  readonly config: Config;
  /** Of its generators. */
  readonly parameters: number;
  readonly steps: StepColumns;
  readonly validations: readonly ValidationLine[];
  /** On the test split, at most one for each direction. */
  readonly evaluations: readonly EvaluationLine[];
}

/**
 * What a run costs and how good it is: its parameters, the largest peak of its steps, the median of their seconds (to six digits), the
 * figures of its evaluation on the test split, else of its last validation, and its settings.
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
  /** Bytes of live tensors, the most of any step. */
  readonly peakBytes: number | null;
  /** The median, to six digits: neither the first step nor pauses of the machine affect it. */
  readonly secondsPerStep: number | null;
}

/** The peak bytes and the seconds a step of a run, from its steps. */
export function stepCosts(steps: StepColumns): StepCosts {
  const [peaks, seconds] = [numbersOf(steps, "peak"), numbersOf(steps, "seconds")];
  return {
    peakBytes: peaks.length === 0 ? null : peaks.reduce((most, each) => Math.max(most, each), 0),
    secondsPerStep: seconds.length === 0 ? null : rounded(median(seconds)),
  };
}

/** The seconds of all steps. One that the file leaves out, as the example's does, counts as the next one that it has. */
export function totalSeconds(steps: StepColumns): number {
  const step = steps.column("step");
  let [total, last] = [0, 0];
  for (const [i, seconds] of steps.column("seconds").entries()) {
    total += seconds * (step[i]! - last);
    last = step[i]!;
  }
  return total;
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

/** The columns are float32: further digits are noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
