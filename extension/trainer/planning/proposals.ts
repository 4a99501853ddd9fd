import type { Config } from "../../configuration/defaults";
import { lastStepOfTraining, stepsPerEpoch, type DomainSizes } from "../data/sampler";
import { roundedUp } from "../training/validationPlan";
import type { StepCost } from "./stepCost";

/** A configuration with what it costs to train. */
export interface Proposal {
  readonly name: "quick" | "balanced" | "best" | "as written";
  readonly config: Config;
  readonly step: StepCost;
  readonly steps: number;
  /** Of the whole training. */
  readonly seconds: number;
}

/** What proposals are chosen by. */
export interface PlanningLimits {
  /** Bytes that a step's tensors may take at most. */
  readonly memory: number;
  /** Whether the user named them, so that the best plan is to use them. */
  readonly memoryIsWanted: boolean;
  /** Seconds that a training may take at most; null for the usual ones. */
  readonly seconds: number | null;
}

/** Where steps are taken. */
export interface PlanningTools {
  readonly costOf: (config: Config) => StepCost;
  /** Bytes that a step of this configuration needs at most. */
  readonly bytesOf: (config: Config) => number;
  /** The memory budget with which a step of this configuration needs at most so many bytes. */
  readonly budgetWithin: (config: Config, memory: number) => number;
  /** Until the first step. */
  readonly startSeconds: number;
  readonly counts: DomainSizes;
}

/** Seconds that the three plans take where the user names none: five minutes, an hour and a night. */
const usualSeconds = { quick: 300, balanced: 3600, best: 8 * 3600 };

/** Parts of the time that the user names. */
const partOfTime = { quick: 1 / 4, balanced: 1 / 2, best: 1 };

/** Steps after which a small network shows what it learns, in the time of a quick look; see {@link stepsNeeded}. */
const fewestSteps = 800;

/** Samples during a training. */
const samples = 30;

/**
 * What a sample costs. It translates up to four pictures of each domain there and back, which takes about as long as `steps` training
 * steps, and writes them in `seconds`.
 */
const sampleCost = { steps: 2, seconds: 0.2 };

/**
 * A quick look, a balanced and a best plan. Each is the largest configuration of the ladder that fits into memory and of which enough
 * steps can be taken in its time.
 *
 * @param rungs configurations whose bytes and seconds grow
 * @returns empty where not even the smallest fits into memory
 */
export function proposals(rungs: readonly Config[], limits: PlanningLimits, means: PlanningTools): Proposal[] {
  const fitting = rungs.slice(0, 1 + lastWhere(rungs, (rung) => means.bytesOf(rung) <= limits.memory));
  if (fitting.length === 0) return [];
  const within = (seconds: number, steps: number): Config =>
    fitting[
      Math.max(
        0,
        lastWhere(fitting, (rung) => means.costOf(rung).seconds * steps <= seconds),
      )
    ]!;
  return (["quick", "balanced", "best"] as const).map((name) => {
    const seconds =
      limits.seconds === null
        ? usualSeconds[name]
        : Math.min(name === "best" ? Infinity : usualSeconds[name], limits.seconds * partOfTime[name]);
    if (name !== "best" || !limits.memoryIsWanted)
      return proposalInTime(name, within(seconds, stepsNeeded(seconds)), seconds, limits, means);
    // Of the memory that was asked for as much as possible, also where this takes longer than a night.
    const largest = fitting.at(-1)!;
    if (limits.seconds !== null)
      return proposalInTime(name, within(limits.seconds, fewestSteps), limits.seconds, limits, means);
    const enough = stepsNeeded(usualSeconds.best) * means.costOf(largest).seconds;
    return proposalInTime(name, largest, Math.max(usualSeconds.best, enough), limits, means);
  });
}

/** The plan of a configuration as it is, with the steps that it says. */
export function asWritten(config: Config, means: PlanningTools): Proposal {
  return proposalOf("as written", config, lastStepOfTraining(config.training, means.counts), means);
}

/**
 * Steps that a training of so many seconds should have. They grow more slowly than the time, since more time is also for a larger network:
 * 800 in five minutes, 4,000 in an hour, 15,500 in a night.
 */
function stepsNeeded(seconds: number): number {
  return fewestSteps * (seconds / usualSeconds.quick) ** 0.65;
}

/** As many steps as fit into the time, with the learning rate constant for half of them and then decaying. */
function proposalInTime(
  name: Proposal["name"],
  rung: Config,
  seconds: number,
  limits: PlanningLimits,
  means: PlanningTools,
): Proposal {
  const cost = means.costOf(rung);
  const around = means.startSeconds + samples * (sampleCost.seconds + sampleCost.steps * cost.seconds);
  const steps = Math.max(1, Math.floor((seconds - around) / cost.seconds));
  const epochs = Math.ceil(steps / stepsPerEpoch(means.counts, rung.training.batchSize));
  const sampleEvery = roundedUp(steps / samples);
  const training = {
    ...rung.training,
    epochs: Math.ceil(epochs / 2),
    decayEpochs: Math.floor(epochs / 2),
    maxSteps: steps,
    sampleEvery,
    checkpointEvery: 5 * sampleEvery,
  };
  return proposalOf(name, storing({ ...rung, training }, limits, means), steps, means);
}

/**
 * The configuration with `store` in place of `recompute`, which is faster, where that does not raise the peak of memory: in small networks
 * it lies elsewhere, in the discriminators. Where the user named the memory, blocks are stored as far as they fit into it.
 */
function storing(config: Config, limits: PlanningLimits, { costOf, bytesOf, budgetWithin }: PlanningTools): Config {
  const { network } = config;
  if (network.backprop !== "recompute") return config;
  const all: Config = { ...config, network: { ...network, backprop: "store" } };
  if (!limits.memoryIsWanted) return costOf(all).peakBytes <= costOf(config).peakBytes ? all : config;
  if (bytesOf(all) <= limits.memory) return all;
  const some: Config = { ...config, network: { ...network, memoryBudget: budgetWithin(config, limits.memory) } };
  return costOf(some).storedBlocks === 0 ? config : some;
}

function proposalOf(name: Proposal["name"], config: Config, steps: number, means: PlanningTools): Proposal {
  const step = means.costOf(config);
  const { sampleEvery } = config.training;
  const sampled = sampleEvery === 0 ? 0 : Math.ceil(steps / sampleEvery);
  const seconds =
    means.startSeconds + steps * step.seconds + sampled * (sampleCost.seconds + sampleCost.steps * step.seconds);
  return { name, config, step, steps, seconds };
}

/**
 * The index of the last element for which `holds` is true, by binary search; −1 if none. If it is true for one, it must be true for all
 * before it.
 */
function lastWhere<T>(all: readonly T[], holds: (each: T) => boolean): number {
  let [low, high] = [-1, all.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(all[middle]!)) low = middle;
    else high = middle - 1;
  }
  return low;
}
