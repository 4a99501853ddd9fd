import type { ComparisonLine, EvaluationLine } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import type { Config } from "../../configuration/config";
import { durationText, english } from "../../protocol/durations";
import type { StepColumns } from "../../protocol/stepColumns";

/** The data of a run that {@link runText} puts into words. */
export interface KnownRun {
  readonly run: RunSummary;
  readonly config: Config | undefined;
  readonly steps: StepColumns;
  /** The cost and quality of the run; null where its folder is damaged. */
  readonly line: ComparisonLine | null;
}

/** The number of latest steps over which losses are averaged. */
const averaged = 50;

/** A run as compact English text for a language model: state, network, losses, quality, memory. */
export function runText({ run, config, steps, line }: KnownRun): string {
  const { name, id, state, step, lastStep, stepsPerSecond, secondsLeft, engine, error, note } = run;
  return [
    `run: ${name} (${id})`,
    `state: ${state}, step ${step}${lastStep === null ? "" : ` of ${lastStep}`}`,
    stepsPerSecond === null ? null : `speed: ${stepsPerSecond.toPrecision(3)} steps a second`,
    secondsLeft === null ? null : `time left: about ${durationText(secondsLeft, english)}`,
    note === null ? null : `note: ${note}`,
    error === null ? null : `error: ${error.message}; ${error.remedy}`,
    engine === null ? null : `engine: ${engine.name}${engine.device === null ? "" : `, ${engine.device}`}`,
    config === undefined ? null : `network: ${networkText(config)}`,
    lossText(steps),
    line === null ? null : qualityText(line),
    line?.peakBytes == null ? null : `memory: ${line.peakBytes} bytes of tensors at a step's peak`,
  ]
    .filter((each) => each !== null)
    .join("\n");
}

function networkText({ mode, network, data, training }: Config): string {
  const { kind, depth, width, dimensions, backprop } = network;
  const size = Array.isArray(data.cropSize) ? data.cropSize.join("×") : String(data.cropSize ?? "whole");
  return `${kind}, ${mode}, ${dimensions}D, depth ${depth}, width ${width}, backprop ${backprop}, crops of ${size}, batches of ${training.batchSize}`;
}

function lossText(steps: StepColumns): string | null {
  const losses = steps.losses.map((name) => [name, meanOfLast(steps.loss(name))] as const);
  if (losses.length === 0) return null;
  return `losses, mean of the last ${Math.min(averaged, steps.length)} steps: ${losses.map(([name, value]) => `${name} ${value.toPrecision(4)}`).join(", ")}`;
}

function meanOfLast(column: ArrayLike<number>): number {
  const last = Array.from(column).slice(-averaged).filter(Number.isFinite);
  return last.reduce((sum, value) => sum + value, 0) / last.length;
}

function qualityText({ metrics, judged }: ComparisonLine): string {
  if (metrics === null || judged == null) return "quality: not measured yet";
  const on =
    judged.by === "evaluation" ? `on ${judged.images} test pictures` : `at the validation of step ${judged.step}`;
  const figures = Object.entries(metrics).map(([direction, each]) => `${direction} ${metricsText(each)}`);
  return `quality ${on}: ${figures.join("; ")}`;
}

/** Metrics as text: `mae 12.3, psnr 20.1`. */
export function metricsText(metrics: EvaluationLine["metrics"]): string {
  return Object.entries(metrics)
    .flatMap(([name, value]) => (typeof value === "number" ? [`${name} ${value.toPrecision(4)}`] : []))
    .join(", ");
}
