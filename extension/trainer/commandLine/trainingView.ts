import { directions, type Line, type StepLine, type ValidationLine } from "../../protocol/lines";
import type { StartListener } from "../training/startTraining";
import type { Output } from "./output";

/** Milliseconds between two progress lines where there is no terminal. */
const interval = 10_000;

/** Progress of a training: a bar, steps a second, losses, memory and the remaining time. */
export class TrainingView {
  private firstStep = 0;
  private lastStep = 0;
  private startedAt = 0;
  private lastShown = -Infinity;
  private last: StepLine | null = null;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Callbacks that show a training's progress. @param signal stops the training */
  listener(signal: AbortSignal): StartListener {
    return {
      line: this.line,
      started: this.started,
      note: (text) => this.output.note(text),
      warn: (text) => this.output.warn(text),
      signal,
    };
  }

  readonly started: NonNullable<StartListener["started"]> = ({ folder, step, lastStep }) => {
    this.firstStep = step;
    this.lastStep = lastStep;
    this.startedAt = this.now();
    this.output.note(`Run: ${folder}`);
  };

  readonly line = (line: Line): void => {
    this.output.line(line);
    if (this.output.json) return;
    if (line.type === "step") this.step(line);
    if (line.type === "validation") this.output.note(validationText(line));
    if (line.type === "finished") {
      if (this.last !== null && !this.output.isTerminal) this.output.note(this.text(this.last));
      this.output.result(`Finished at step ${line.step}: ${line.run}`);
    }
  };

  private step(line: StepLine): void {
    this.last = line;
    if (this.output.isTerminal) this.output.progress(this.text(line));
    else if (this.now() - this.lastShown >= interval) {
      this.lastShown = this.now();
      this.output.note(this.text(line));
    }
  }

  private text({ step, epoch, losses, bytes, residentBytes, gpuBytes }: StepLine): string {
    const seconds = (this.now() - this.startedAt) / 1000;
    const rate = (step - this.firstStep) / seconds;
    const done = this.lastStep === 0 ? 1 : step / this.lastStep;
    const bar = "█".repeat(Math.floor(done * 20)).padEnd(20, "░");
    const left = duration((this.lastStep - step) / rate);
    const named = Object.entries(losses).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
    return [
      `${bar} ${step}/${this.lastStep} epoch ${epoch}`,
      `${rate.toPrecision(2)} steps/s`,
      `${left} left`,
      `${mebibytes(bytes.peak)} tensors, ${gpuBytes === undefined ? "" : `${mebibytes(gpuBytes)} on the GPU, `}${mebibytes(residentBytes)} resident`,
      named.join(" "),
    ].join(" · ");
  }
}

/** Each validation metric's key, title and digits after the point, in the order in which the metrics are shown. */
const validated = [
  ["mae", "MAE", 2],
  ["psnr", "PSNR", 2],
  ["ssim", "SSIM", 4],
  ["slicedWasserstein", "distance", 2],
  ["slicedWassersteinUntranslated", "untranslated", 2],
] as const;

function validationText({ step, metrics }: ValidationLine): string {
  const figures = directions.flatMap((direction) => {
    const named = validated.flatMap(([key, name, digits]) => {
      const value = metrics[direction]?.[key];
      return typeof value === "number" ? [`${name} ${value.toFixed(digits)}`] : [];
    });
    return named.length === 0 ? [] : [`${direction} ${named.join(", ")}`];
  });
  const constants = directions.flatMap((direction) => metrics[direction]?.constantMae?.toFixed(2) ?? []);
  const beside = constants.length === 0 ? "" : ` (MAE of the best constant colour: ${constants.join(", ")})`;
  return `Validation at step ${step}: ${figures.join(" · ")}${beside}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const pad = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
