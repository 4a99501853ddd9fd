import type { Kernels } from "../kernels/kernels";
import type { HostTensor, Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { Parameter } from "../nn/parameter";
import { Divergence, lossAtFault, originOf } from "./divergence";
import { ImagePool } from "./imagePool";
import type { Batch } from "./objective";
import { Optimizer, type SavedMoments } from "./optimizer";
import { learningRate } from "./schedule";
import { type HostBatch, type Pause, type StepPlan, stepOf } from "./step";

/** What a trainer needs to know of the configuration. */
export interface TrainingPlan extends StepPlan {
  readonly epochs: number;
  readonly decayEpochs: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly poolSize: number;
  readonly seed: number;
}

/** What outlives a step beside the weights. */
export interface SavedTraining {
  readonly moments: SavedMoments;
  readonly pools: { readonly A: HostTensor[]; readonly B: HostTensor[] };
  /** How far the core's states went; null when no step was taken. */
  readonly coreRange: number | null;
}

/** Lets the process hear its messages, after the term of the objective that is named. */
export type Breathe = (at: Pause) => Promise<void>;

/** PyTorch's default. */
const epsilon = 1e-8;

/** The state of a training and its single step. Owns the optimisers' state and the image pools, not the model. */
export class Trainer {
  readonly optimizers: { readonly generator: Optimizer; readonly discriminators: Optimizer };
  readonly pools: { readonly A: ImagePool; readonly B: ImagePool };

  /** @param saved what an earlier part of the training left; null at the start */
  constructor(
    private readonly k: Kernels,
    readonly model: Model,
    private readonly plan: TrainingPlan,
    saved: SavedTraining | null = null,
  ) {
    const optimizer = (parameters: readonly Parameter[]): Optimizer =>
      new Optimizer(k, parameters, saved?.moments ?? null);
    this.optimizers = {
      generator: optimizer(model.generatorParameters),
      discriminators: optimizer(model.discriminatorParameters),
    };
    if (model.coreRange !== null) model.coreRange.range = saved?.coreRange ?? null;
    this.pools = {
      A: new ImagePool(plan.poolSize, saved?.pools.A ?? []),
      B: new ImagePool(plan.poolSize, saved?.pools.B ?? []),
    };
  }

  /**
   * One step: the phases of the objective one after the other, each with its optimiser's step at its end. Returns the losses by name.
   *
   * @param step counted from 1
   * @param epoch counted from 1; sets the learning rate
   * @param breathe called between the terms of the objective, so that the process can hear its messages. While the step can still
   *   be dropped, before the first weight is changed, it may throw: the training is then as if the step had not begun
   * @throws Divergence when a loss is not finite, before its gradients reach a weight
   */
  async step(step: number, epoch: number, batch: HostBatch, breathe: Breathe): Promise<Record<string, number>> {
    const { k, model, plan, optimizers } = this;
    const pool = (domain: "A" | "B", fake: Tensor): Tensor => this.throughPool(domain, fake, step);
    const rates = { step, learningRate: learningRate(epoch, plan), beta1: plan.beta1, beta2: plan.beta2, epsilon };
    const check = (losses: ReadonlyMap<string, Tensor>, pictures: Batch): void => {
      const bad = lossAtFault(k, losses);
      if (bad === null) return;
      throw new Divergence(bad.name, bad.value, originOf(k, model, pictures, plan.mode === "paired"));
    };
    const terms = stepOf(k, { model, plan, optimizers, pool, check }, batch, rates);
    try {
      for (;;) {
        const next = terms.next();
        if (next.done === true) return next.value;
        await breathe(next.value);
      }
    } finally {
      // Ends a step that is dropped; one that is done has ended.
      terms.return({});
    }
  }

  dispose(): void {
    this.optimizers.generator.dispose();
    this.optimizers.discriminators.dispose();
  }

  private throughPool(domain: "A" | "B", fake: Tensor, step: number): Tensor {
    const { poolSize, seed } = this.plan;
    if (poolSize === 0) return fake;
    const fresh = { shape: fake.shape, data: this.k.read(fake) };
    fake.dispose();
    const shown = this.pools[domain].exchange(fresh, seed, `pool ${domain}`, step);
    return this.k.ledger.within("images", () => this.k.tensor(shown.data, shown.shape));
  }
}
