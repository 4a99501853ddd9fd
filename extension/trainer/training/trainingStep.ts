import type { AdamRates, Kernels } from "../kernels/kernels";
import { dispose, type HostTensor, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import type { Parameter } from "../nn/parameter";
import { Divergence, lossAtFault, findNonFiniteOrigin } from "./divergence";
import { ImagePool } from "./imagePool";
import { type Batch, type ObjectiveWeights, type Phase, type PoolExchange, StepContext } from "./objective";
import { learningRate, Optimizer, type SavedMoments } from "./optimizer";
import { pairedPhases, pix2pixPhases } from "./pairedObjective";
import { unpairedPhases } from "./unpairedObjective";

/** A step's input in host memory, values in [−1, 1]. */
export interface HostBatch {
  readonly a: HostTensor;
  readonly b: HostTensor;
}

/** The part of the configuration that decides what a step computes. */
export interface StepPlan extends ObjectiveWeights {
  readonly mode: "unpaired" | "paired";
}

/** The network, optimisers and callbacks that a step works with. */
export interface StepParts {
  readonly model: Model;
  readonly plan: StepPlan;
  readonly optimizers: Readonly<Record<Phase["of"], Optimizer>>;
  readonly pool: PoolExchange;
  /** Called at the end of each phase with the losses so far, before the optimiser changes a weight. It may throw to end the step. */
  readonly check: (losses: ReadonlyMap<string, Tensor>, batch: Batch) => void;
}

/** The point between two terms of the objective at which a step is paused. */
export interface StepPause {
  readonly at: "term";
  /** The term that was just computed. */
  readonly term: string;
  /** Whether no weight has changed yet, so that the step can still be dropped. */
  readonly droppable: boolean;
}

/** The point before an optimiser's update, at which the gradients of a phase are complete. */
export interface PhaseEnd {
  readonly at: "phase";
  readonly of: Phase["of"];
  /** The losses of this phase and of the earlier ones, by name. The receiver may replace each. */
  readonly losses: Map<string, Tensor>;
}

/**
 * One step: the phases of the objective in order, each followed by its optimiser's update. Yields after every term and before every
 * update, and returns the losses by name. Calling the generator's `return` drops the step: all of its tensors and gradients are freed.
 */
export function* stepOf(
  k: Kernels,
  { model, plan, optimizers, pool, check }: StepParts,
  images: HostBatch,
  rates: AdamRates,
): Generator<StepPause | PhaseEnd, Record<string, number>, void> {
  k.ledger.resetPeak();
  model.masks?.begin(rates.step);
  const batch = k.ledger.within("images", () => ({
    a: k.tensor(images.a.data, images.a.shape),
    b: k.tensor(images.b.data, images.b.shape),
  }));
  const context = new StepContext(k, plan, pool);
  const observers = [...(model.coreRange === null ? [] : [model.coreRange]), ...model.statistics];
  try {
    for (const [i, { of, terms }] of phasesOf(context, model, plan, batch).entries()) {
      for (const term of terms) {
        term.run();
        yield { at: "term", term: term.name, droppable: i === 0 };
      }
      check(context.losses, batch);
      yield { at: "phase", of, losses: context.losses };
      optimizers[of].step(rates);
    }
    for (const observer of observers) observer.commit();
    return Object.fromEntries([...context.losses].map(([name, value]) => [name, k.read(value)[0]!]));
  } finally {
    dispose(batch.a, batch.b);
    context.dispose();
    for (const parameter of [...model.generatorParameters, ...model.discriminatorParameters]) parameter.clear();
    for (const observer of observers) observer.discard();
  }
}

function phasesOf(context: StepContext, model: Model, { mode }: StepPlan, batch: Batch): Phase[] {
  if (model.bToA === null) return pix2pixPhases(context, model, batch);
  return mode === "paired" ? pairedPhases(context, model, batch) : unpairedPhases(context, model, batch);
}

/** The part of the configuration that a {@link StepRunner} needs. */
export interface TrainingPlan extends StepPlan {
  readonly epochs: number;
  readonly decayEpochs: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly poolSize: number;
  readonly seed: number;
}

/** The state of a training beside the weights, as a checkpoint saves it. */
export interface SavedTraining {
  readonly moments: SavedMoments;
  readonly pools: { readonly A: HostTensor[]; readonly B: HostTensor[] };
  /**
   * Decaying maximum of the magnitudes of the reversible core's states (`RangePredictor.range`); null before the first step, and without
   * such a core.
   */
  readonly coreRange: number | null;
}

/** Replaces a phase's gradients and losses by their means over all processes that train the network. */
export type AverageOverRanks = (model: Model, phase: PhaseEnd) => Promise<void>;

/** Lets pending events and messages of the process be handled; called after each term of the objective. */
export type YieldToEventLoop = (pause: Pick<StepPause, "term" | "droppable">) => Promise<void>;

/** Adam's eps, PyTorch's default. */
const epsilon = 1e-8;

/** Runs training steps of a network with its optimisers and image pools. Owns the optimisers' state and the pools, not the network. */
export class StepRunner {
  readonly optimizers: { readonly generator: Optimizer; readonly discriminators: Optimizer };
  readonly pools: { readonly A: ImagePool; readonly B: ImagePool };

  /**
   * @param saved the state of a checkpoint; null for a new training
   * @param average averages gradients and losses over all processes; null for a training of one process
   */
  constructor(
    private readonly k: Kernels,
    readonly model: Model,
    private readonly plan: TrainingPlan,
    saved: SavedTraining | null = null,
    private readonly average: AverageOverRanks | null = null,
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
   * Runs {@link stepOf} to its end. Returns the losses by name.
   *
   * @param step counted from 1
   * @param epoch counted from 1; sets the learning rate
   * @param yieldToEventLoop awaited between the terms of the objective. When it throws, the step is dropped; if no weight has changed
   *   yet (`droppable`), the training is then as if the step had not begun
   * @throws Divergence when a loss is not finite, before its gradients reach a weight
   */
  async step(
    step: number,
    epoch: number,
    batch: HostBatch,
    yieldToEventLoop: YieldToEventLoop,
  ): Promise<Record<string, number>> {
    const { k, model, plan, optimizers } = this;
    const pool = (domain: "A" | "B", fake: Tensor): Tensor => this.exchange(domain, fake, step);
    const rates = {
      step,
      learningRate: learningRate({ step, epoch }, plan),
      beta1: plan.beta1,
      beta2: plan.beta2,
      epsilon,
    };
    const check = (losses: ReadonlyMap<string, Tensor>, images: Batch): void => {
      const bad = lossAtFault(k, losses);
      if (bad === null) return;
      throw new Divergence(bad.name, bad.value, findNonFiniteOrigin(k, model, images, plan.mode === "paired"));
    };
    const terms = stepOf(k, { model, plan, optimizers, pool, check }, batch, rates);
    try {
      for (;;) {
        const next = terms.next();
        if (next.done === true) return next.value;
        if (next.value.at === "term") await yieldToEventLoop(next.value);
        else await this.average?.(model, next.value);
      }
    } finally {
      // Frees the tensors of a step that is dropped; has no effect on a finished one.
      terms.return({});
    }
  }

  dispose(): void {
    this.optimizers.generator.dispose();
    this.optimizers.discriminators.dispose();
  }

  /** Consumes a new fake. Returns the same tensor, or an older fake, copied from the pool in host memory to the engine. */
  private exchange(domain: "A" | "B", fake: Tensor, step: number): Tensor {
    const { k } = this;
    // `readLater` fills the array at the engine's next read at the latest: the losses are read before the step ends.
    const copy = (): HostTensor => ({ shape: fake.shape, data: k.readLater(fake) });
    const older = this.pools[domain].exchange(copy, this.plan.seed, `pool ${domain}`, step);
    if (older === null) return fake;
    fake.dispose();
    return k.ledger.within("images", () => k.tensor(older.data, older.shape));
  }
}
