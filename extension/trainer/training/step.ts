import type { AdamRates, Kernels } from "../kernels/kernels";
import { dispose, type HostTensor, type Tensor } from "../kernels/tensor";
import type { Model } from "../models/model";
import { type Batch, type ObjectiveWeights, type Phase, type PoolExchange, StepContext } from "./objective";
import type { Optimizer } from "./optimizer";
import { pairedPhases, pix2pixPhases } from "./pairedObjective";
import { unpairedPhases } from "./unpairedObjective";

/** A step's input in host memory, values in [−1, 1]. */
export interface HostBatch {
  readonly a: HostTensor;
  readonly b: HostTensor;
}

/** What a step needs to know of the configuration. */
export interface StepPlan extends ObjectiveWeights {
  readonly mode: "unpaired" | "paired";
}

/** What a step trains, and with what. */
export interface Training {
  readonly model: Model;
  readonly plan: StepPlan;
  readonly optimizers: Readonly<Record<Phase["of"], Optimizer>>;
  readonly pool: PoolExchange;
  /** Told the losses of a phase before its gradients reach a weight; may throw. */
  readonly check: (losses: ReadonlyMap<string, Tensor>, batch: Batch) => void;
}

/** A moment between two terms of the objective. */
export interface Pause {
  /** The term that was just done. */
  readonly term: string;
  /** Whether no weight is changed so far: the step can still be dropped. */
  readonly droppable: boolean;
}

/**
 * One step: the phases of the objective one after the other, each with its optimiser's step at its end. It pauses after every term, and
 * returns the losses by name. Whoever ends it early, by its `return`, drops it: every tensor of it is freed, and every gradient.
 */
export function* stepOf(
  k: Kernels,
  { model, plan, optimizers, pool, check }: Training,
  pictures: HostBatch,
  rates: AdamRates,
): Generator<Pause, Record<string, number>, void> {
  k.ledger.resetPeak();
  model.masks?.begin(rates.step);
  const batch = k.ledger.within("images", () => ({
    a: k.tensor(pictures.a.data, pictures.a.shape),
    b: k.tensor(pictures.b.data, pictures.b.shape),
  }));
  const context = new StepContext(k, plan, pool);
  const observers = [...(model.coreRange === null ? [] : [model.coreRange]), ...model.statistics];
  try {
    for (const [i, { of, terms }] of phasesOf(context, model, plan, batch).entries()) {
      for (const term of terms) {
        term.run();
        yield { term: term.name, droppable: i === 0 };
      }
      check(context.losses, batch);
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
