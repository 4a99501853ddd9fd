import type { StepColumns } from "../../extension/protocol/stepColumns";
import type { ComparedRun, ShownRun } from "../state/panelState";
import { t } from "../ui/text";
import { stepText } from "./plot/numbers";
import type { Curve } from "./plot/scene";
import { indexAtLeast, type Numbers } from "../../extension/charts/search";
import { Smoothing } from "../../extension/charts/smoothing";
import type { Extent } from "../../extension/charts/ticks";

/** A run with its curves. */
export interface RunWithCurves {
  readonly id: string;
  readonly name: string;
  readonly curves: RunCurves;
}

/** The curves of the shown run, and those of the compared runs, which the same charts show. */
export class OverlaidRuns {
  /** All runs, of which the first is the shown run. */
  all: readonly RunWithCurves[] = [];
  /** The steps of the shown run. */
  steps: Numbers = new Float64Array(0);
  /** Names of all losses, those of the shown run first. */
  losses: readonly string[] = [];
  /** The range from the first to the last step of all runs. */
  extent: Extent = { min: 0, max: 1 };

  private epochs: Numbers = new Float64Array(0);

  /** The text for a cursor position: "Step 1,200, epoch 3"; without the epoch where it is unknown. */
  positionText(step: number): string {
    const epoch = this.epochs[indexAtLeast(this.steps, step)];
    return epoch === undefined || Number.isNaN(epoch)
      ? t("Step {0}", stepText(step))
      : t("Step {0}, epoch {1}", stepText(step), stepText(epoch));
  }

  /** Replaces the runs. A run that was there before keeps its smoothed values. */
  update(shown: ShownRun, comparison: readonly ComparedRun[], weight: number): void {
    const runs = [shown, ...comparison.filter(({ run }) => run.id !== shown.run.id)];
    this.all = runs.map(({ run: { id, name }, steps }) => {
      const curves = this.all.find((known) => known.id === id)?.curves ?? new RunCurves();
      curves.update(steps, weight);
      return { id, name, curves };
    });
    this.steps = shown.steps.column("step");
    this.epochs = shown.steps.column("epoch");
    this.losses = [...new Set(runs.flatMap(({ steps }) => steps.losses))];
    this.extent = extentOf(runs.map(({ steps }) => steps.column("step")));
  }
}

/** From the smallest to the largest step; a single step gets a margin of one step on either side, so that the range is not empty. */
function extentOf(columns: readonly Numbers[]): Extent {
  const filled = columns.filter((steps) => steps.length > 0);
  const min = Math.min(...filled.map((steps) => steps[0]!));
  const max = Math.max(...filled.map((steps) => steps.at(-1)!));
  if (!(min <= max)) return { min: 0, max: 1 };
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}

/** The smoothed curves of one run. New steps are smoothed incrementally. */
export class RunCurves {
  private readonly smoothed = new Map<string, Smoothing>();
  private steps: StepColumns | undefined;
  private knownSteps = 0;
  private lastTime = NaN;
  private weight = 0;

  /** Sets the run's steps. @param weight of the exponential smoothing, from 0 to under 1 */
  update(steps: StepColumns, weight: number): void {
    if (steps !== this.steps || weight !== this.weight || this.wasCut(steps)) this.smoothed.clear();
    this.steps = steps;
    this.weight = weight;
    this.knownSteps = steps.length;
    this.lastTime = steps.column("time")[this.knownSteps - 1] ?? NaN;
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

  /** Whether a resume from a checkpoint replaced steps: then the last known one is gone, or has another time. */
  private wasCut(steps: StepColumns): boolean {
    return (
      steps.length < this.knownSteps ||
      (this.knownSteps > 0 && !Object.is(steps.column("time")[this.knownSteps - 1], this.lastTime))
    );
  }
}
