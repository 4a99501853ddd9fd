import type { ComparedRun, ShownRun } from "../state/panelState";
import { t } from "../ui/text";
import { indexAtLeast, type Numbers } from "./plot/decimate";
import { stepText } from "./plot/numbers";
import { RunCurves } from "./runCurves";
import type { Extent } from "./plot/ticks";

/** A run with its curves. */
export interface LaidRun {
  readonly id: string;
  readonly name: string;
  readonly curves: RunCurves;
}

/** The shown run and those laid over it. */
export class LaidRuns {
  /** The shown run first. */
  all: readonly LaidRun[] = [];
  /** Of the shown run. */
  steps: Numbers = new Float64Array(0);
  /** Names of all losses, those of the shown run first. */
  losses: readonly string[] = [];
  /** From the first step of any run to the last. */
  extent: Extent = { min: 0, max: 1 };

  private epochs: Numbers = new Float64Array(0);

  /** A step of the shown run, and its epoch, for people. */
  placeOf(step: number): string {
    const epoch = this.epochs[indexAtLeast(this.steps, step)];
    return epoch === undefined || Number.isNaN(epoch)
      ? t("Step {0}", stepText(step))
      : t("Step {0}, epoch {1}", stepText(step), stepText(epoch));
  }

  /** Takes the runs as they are now. A run that stays keeps what was smoothed of it. */
  follow(shown: ShownRun, comparison: readonly ComparedRun[], weight: number): void {
    const runs = [shown, ...comparison.filter(({ run }) => run.id !== shown.run.id)];
    this.all = runs.map(({ run: { id, name }, steps }) => {
      const curves = this.all.find((known) => known.id === id)?.curves ?? new RunCurves();
      curves.follow(steps, weight);
      return { id, name, curves };
    });
    this.steps = shown.steps.column("step");
    this.epochs = shown.steps.column("epoch");
    this.losses = [...new Set(runs.flatMap(({ steps }) => steps.losses))];
    this.extent = extentOf(runs.map(({ steps }) => steps.column("step")));
  }
}

/** A single step has room on either side. */
function extentOf(columns: readonly Numbers[]): Extent {
  const filled = columns.filter((steps) => steps.length > 0);
  const min = Math.min(...filled.map((steps) => steps[0]!));
  const max = Math.max(...filled.map((steps) => steps.at(-1)!));
  if (!(min <= max)) return { min: 0, max: 1 };
  return min === max ? { min: min - 1, max: max + 1 } : { min, max };
}
