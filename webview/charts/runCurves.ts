import type { StepColumns } from "../../extension/protocol/stepColumns";
import type { Numbers } from "./plot/decimate";
import { Smoothing } from "./plot/smoothing";

/** A loss over the steps, as it is and smoothed. Views that live until the next {@link RunCurves.follow}. */
export interface Curve {
  readonly steps: Numbers;
  readonly raw: Numbers;
  /** The same numbers as `raw` without smoothing. */
  readonly smooth: Numbers;
}

/** The curves of a run, smoothed as far as they go and then only where they grow. */
export class RunCurves {
  private readonly smoothed = new Map<string, Smoothing>();
  private steps: StepColumns | undefined;
  private seen = 0;
  private seenTime = NaN;
  private weight = 0;

  /** Takes the run's steps as they are now, and how much to smooth, from 0 to under 1. */
  follow(steps: StepColumns, weight: number): void {
    if (steps !== this.steps || weight !== this.weight || this.wasCut(steps)) this.smoothed.clear();
    this.steps = steps;
    this.weight = weight;
    this.seen = steps.length;
    this.seenTime = steps.column("time")[this.seen - 1] ?? NaN;
  }

  /** Whether the run has a loss of this name. */
  has(loss: string): boolean {
    return this.steps !== undefined && this.steps.loss(loss).length > 0;
  }

  /** The curve of a loss; empty for an unknown name. */
  curve(loss: string): Curve {
    const steps = this.steps?.column("step") ?? new Float64Array(0);
    const raw = this.steps?.loss(loss) ?? new Float64Array(0);
    if (this.weight === 0) return { steps, raw, smooth: raw };
    let smoothing = this.smoothed.get(loss);
    if (smoothing === undefined) {
      smoothing = new Smoothing(this.weight);
      this.smoothed.set(loss, smoothing);
    }
    smoothing.extend(raw);
    return { steps, raw, smooth: smoothing.values };
  }

  /** A run that went on from a checkpoint took steps again: then the last one that was seen is gone, or bears another time. */
  private wasCut(steps: StepColumns): boolean {
    return (
      steps.length < this.seen || (this.seen > 0 && !Object.is(steps.column("time")[this.seen - 1], this.seenTime))
    );
  }
}
