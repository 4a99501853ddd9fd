import type { Config } from "../../configuration/defaults";
import { lastStepOfTraining, stepsPerEpoch, type DomainSizes } from "../data/sampler";
import { roundedUp } from "../training/validationPlan";
import type { StepCost } from "./stepCost";

/** A configuration with the cost of training it. */
export interface Proposal {
  readonly name: "quick" | "balanced" | "best" | "as written";
  readonly config: Config;
  readonly step: StepCost;
  readonly steps: number;
  /** Seconds of the whole training. */
  readonly seconds: number;
}

/** The limits by which proposals are chosen. */
export interface PlanningLimits {
  /** The most bytes of a step's tensors. */
  readonly memory: number;
  /** Whether the user named these bytes, so that the best plan should use them fully. */
  readonly memoryIsWanted: boolean;
  /** The most seconds of a training; null for the usual seconds. */
  readonly seconds: number | null;
}

/** How costs are estimated on this machine and data set. */
export interface PlanningTools {
  readonly costOf: (config: Config) => StepCost;
  /** The most bytes that a step of this configuration needs. */
  readonly bytesOf: (config: Config) => number;
  /** The memory budget in bytes with which a step of this configuration needs at most `memory` bytes. */
  readonly budgetWithin: (config: Config, memory: number) => number;
  /** Seconds until the first step. */
  readonly startSeconds: number;
  readonly counts: DomainSizes;
}

/** Seconds that the three plans take where the user names none: five minutes, an hour and a night. */
const usualSeconds = { quick: 300, balanced: 3600, best: 8 * 3600 };

/** Fractions of the user's time limit that the plans may take. */
const partOfTime = { quick: 1 / 4, balanced: 1 / 2, best: 1 };

/** Steps of a quick look, after which a small network shows what it learns; see {@link stepsNeeded}. */
const fewestSteps = 800;

/** Number of samples during a training. */
const samples = 30;

/**
 * The time of one sample: translating up to four pictures of each domain there and back takes about as long as `steps` training steps, and
 * writing them takes `seconds`.
 */
const sampleCost = { steps: 2, seconds: 0.2 };

/**
 * Proposes a quick, a balanced and a best plan. Each is the largest configuration of the ladder that fits into memory and of which enough
 * steps can be taken in the plan's time.
 *
 * @param rungs configurations whose bytes and seconds grow
 * @returns empty where not even the smallest configuration fits into memory
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
    // The best plan uses as much as possible of the memory that was asked for, even where this takes longer than a night.
    const largest = fitting.at(-1)!;
    if (limits.seconds !== null)
      return proposalInTime(name, within(limits.seconds, fewestSteps), limits.seconds, limits, means);
    const enough = stepsNeeded(usualSeconds.best) * means.costOf(largest).seconds;
    return proposalInTime(name, largest, Math.max(usualSeconds.best, enough), limits, means);
  });
}

/** A plan of the configuration as it is, with its own number of steps. */
export function asWritten(config: Config, means: PlanningTools): Proposal {
  return proposalOf("as written", config, lastStepOfTraining(config.training, means.counts), means);
}

/**
 * The number of steps that a training of `seconds` should have. It grows more slowly than the time, because more time also allows for a
 * larger network: 800 in five minutes, 4,000 in an hour, 15,500 in a night.
 */
function stepsNeeded(seconds: number): number {
  return fewestSteps * (seconds / usualSeconds.quick) ** 0.65;
}

/** A plan with as many steps as fit into the time; the learning rate is constant for half of them and then decays. */
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
 * The configuration with the faster `store` in place of `recompute`, where that does not raise the peak of memory: in small networks the
 * peak lies elsewhere, in the discriminators. Where the user named the memory, as many blocks are stored as fit into it.
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
 * The index of the last element for which `holds` is true, by binary search; −1 if there is none. If it is true for an element, it must be
 * true for all elements before it.
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
