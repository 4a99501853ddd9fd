import type { Kernels } from "../kernels/kernels";
import type { HostTensor } from "../interop/safetensors";
import { dispose, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { Parameter } from "../nn/parameter";
import { Divergence, lossAtFault, originOf } from "./divergence";
import { ImagePool } from "./imagePool";
import { type Batch, type ObjectiveWeights, type Phase, StepContext } from "./objective";
import { Optimizer, type SavedMoments } from "./optimizer";
import { pairedPhases, pix2pixPhases } from "./pairedObjective";
import { learningRate } from "./schedule";
import { unpairedPhases } from "./unpairedObjective";

/** What a trainer needs to know of the configuration. */
export interface TrainingPlan extends ObjectiveWeights {
  readonly mode: "unpaired" | "paired";
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

/** A step's input in host memory, values in [−1, 1]. */
export interface HostBatch {
  readonly a: HostTensor;
  readonly b: HostTensor;
}

/** Lets the process hear its messages, after the term of the objective that is named. */
export type Breathe = (at: { readonly term: string; readonly droppable: boolean }) => Promise<void>;

/** PyTorch's default. */
const epsilon = 1e-8;

/** The state of a training and its single step. Owns the optimisers' state and the image pools, not the model. */
export class Trainer {
  readonly optimizers: { readonly generator: Optimizer; readonly discriminators: Optimizer };
  readonly pools: { readonly A: ImagePool; readonly B: ImagePool };
  /** What notes what it sees in a step, and counts it once the step is done. */
  private readonly observers: readonly { learn(): void; forget(): void }[];

  /** @param saved what an earlier part of the training left; null at the start */
  constructor(
    private readonly k: Kernels,
    readonly model: Model,
    private readonly plan: TrainingPlan,
    saved: SavedTraining | null = null,
  ) {
    const optimizer = (parameters: readonly Parameter[]): Optimizer =>
      new Optimizer(k, parameters, saved?.moments ?? null);
    this.optimizers = { generator: optimizer(model.generator), discriminators: optimizer(model.discriminators) };
    this.observers = [...(model.coreRange === null ? [] : [model.coreRange]), ...model.statistics];
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
    const { k, model, plan } = this;
    k.ledger.resetPeak();
    model.masks?.begin(step);
    const { a, b } = k.ledger.within("images", () => ({
      a: k.tensor(batch.a.data, batch.a.shape),
      b: k.tensor(batch.b.data, batch.b.shape),
    }));
    const context = new StepContext(k, plan, (domain, fake) => this.throughPool(domain, fake, step));
    const rates = { step, learningRate: learningRate(epoch, plan), beta1: plan.beta1, beta2: plan.beta2, epsilon };
    try {
      for (const [i, { of, terms }] of this.phases(context, { a, b }).entries()) {
        for (const term of terms) {
          term.run();
          await breathe({ term: term.name, droppable: i === 0 });
        }
        this.requireFinite(context, { a, b });
        this.optimizers[of].step(rates);
      }
      for (const observer of this.observers) observer.learn();
      return Object.fromEntries([...context.losses].map(([name, value]) => [name, k.read(value)[0]!]));
    } finally {
      dispose(a, b);
      context.dispose();
      for (const parameter of [...model.generator, ...model.discriminators]) parameter.clear();
      for (const observer of this.observers) observer.forget();
    }
  }

  private requireFinite({ losses }: StepContext, batch: Batch): void {
    const bad = lossAtFault(this.k, losses);
    if (bad !== null)
      throw new Divergence(bad.name, bad.value, originOf(this.k, this.model, batch, this.plan.mode === "paired"));
  }

  private phases(context: StepContext, batch: Batch): Phase[] {
    const { model, plan } = this;
    if (model.bToA === null) return pix2pixPhases(context, model, batch);
    return plan.mode === "paired" ? pairedPhases(context, model, batch) : unpairedPhases(context, model, batch);
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
