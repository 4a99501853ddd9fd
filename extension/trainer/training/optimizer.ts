import type { AdamRates, Kernels } from "../kernels/kernels";
import type { Tensor } from "../kernels/tensor";
import type { Parameter } from "../nn/parameter";

/** Adam's running means of a parameter's gradient (m) and of its square (v). */
export interface MomentPair {
  readonly m: Tensor;
  readonly v: Tensor;
}

/** Returns a saved moment of the parameter with this name, in our layout. */
export type SavedMoments = (name: string, which: "m" | "v") => Float32Array;

/** Adam over a set of parameters. */
export class Optimizer {
  readonly moments = new Map<string, MomentPair>();

  /** @param saved moments of a checkpoint, in our layout; null: they start at zero */
  constructor(
    private readonly k: Kernels,
    private readonly parameters: readonly Parameter[],
    saved: SavedMoments | null,
  ) {
    k.ledger.within("moments", () => {
      for (const { name, value } of parameters) {
        const moment = (which: "m" | "v"): Tensor =>
          saved === null ? k.zeros(value.shape) : k.tensor(saved(name, which), value.shape);
        this.moments.set(name, { m: moment("m"), v: moment("v") });
      }
    });
  }

  /** Updates the parameters that have a gradient, and clears the gradients. */
  step(rates: AdamRates): void {
    for (const parameter of this.parameters) {
      if (parameter.gradient === null) continue;
      const { m, v } = this.moments.get(parameter.name)!;
      this.k.ledger.within("other", () => {
        this.k.adam({ value: parameter.value, m, v }, parameter.gradient!, rates);
      });
      parameter.clear();
    }
  }

  dispose(): void {
    for (const { m, v } of this.moments.values()) {
      m.dispose();
      v.dispose();
    }
    this.moments.clear();
  }
}

/**
 * Learning rate of a step and its epoch, counted from 1: linear from 0 over the first `warmup` steps (Goyal 2017, for large batches), and
 * constant for `epochs`, then linear to 0 over `decayEpochs` (the authors' rule).
 */
export function learningRate(
  { step, epoch }: { readonly step: number; readonly epoch: number },
  plan: { learningRate: number; warmup: number; epochs: number; decayEpochs: number },
): number {
  const risen = step < plan.warmup ? step / plan.warmup : 1;
  return plan.learningRate * risen * (1 - Math.max(0, epoch - plan.epochs) / (plan.decayEpochs + 1));
}
