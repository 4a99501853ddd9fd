import { dataLocation, foldersOf } from "../configuration/dataLocation";
import type { Config } from "../configuration/defaults";
import {
  type ComparisonLine,
  type TranslationDirection,
  directions,
  type EvaluationLine,
  type ValidationLine,
} from "../protocol/lines";
import { bestOf, type Measure, measures, measureNames } from "./measures";
import type { StepColumns } from "../protocol/stepColumns";

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
 * What a run costs and how good it is: its parameters, the largest peak of its steps, the median of their seconds (to six digits), and
 * the figures of its evaluation on the test split, else of its last validation.
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

/** A figure of a run's quality; null where there is none. */
export function qualityOf(
  { metrics }: ComparisonLine,
  direction: TranslationDirection,
  measure: Measure,
): number | null {
  return metrics?.[direction]?.[measure] ?? null;
}

/** A figure of quality. */
export interface Quality {
  readonly direction: TranslationDirection;
  readonly measure: Measure;
}

/** The directions that some of the runs were judged in, and in each the measures that some of them have: what a comparison has columns for. */
export function judgedBy(lines: readonly ComparisonLine[]): {
  readonly directions: readonly TranslationDirection[];
  readonly qualities: readonly Quality[];
} {
  const judged = directions.filter((direction) => lines.some(({ metrics }) => metrics?.[direction] !== undefined));
  const isKnown = (direction: TranslationDirection, measure: Measure): boolean =>
    lines.some((line) => qualityOf(line, direction, measure) !== null);
  return {
    directions: judged,
    qualities: judged.flatMap((direction) =>
      measureNames.filter((measure) => isKnown(direction, measure)).map((measure) => ({ direction, measure })),
    ),
  };
}

/**
 * Whether the measures are comparable: of one data set, and all from evaluations of the test split or all from validations on the same
 * choice of pictures. Runs without measures are ignored.
 */
export function areComparable(lines: readonly ComparisonLine[]): boolean {
  const basis = ({ data, judged }: ComparisonLine): unknown[] =>
    judged?.by === "validation" ? [data, judged.by, judged.split, judged.images] : [data, judged?.by];
  return new Set(lines.filter(({ judged }) => judged != null).map((line) => JSON.stringify(basis(line)))).size <= 1;
}

/** The best of a measure in a direction; undefined where nothing can be compared. */
export function bestQuality(
  lines: readonly ComparisonLine[],
  direction: TranslationDirection,
  measure: Measure,
): number | undefined {
  return areComparable(lines)
    ? bestOf(
        lines.map((line) => qualityOf(line, direction, measure)),
        measures[measure],
      )
    : undefined;
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
