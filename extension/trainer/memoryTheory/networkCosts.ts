import type { Config } from "../../configuration/defaults";
import type { BackpropMode, MemoryShares } from "../../protocol/lines";
import type { TheoryPoint } from "../../protocol/panel";
import { buildModel } from "../models/buildModel";
import { LayerFactory } from "../models/layerFactory";
import { parameterCount } from "../nn/parameter";
import { shapeAlone } from "./countedLayerFactory";
import { stepWithin, type StepWithinBudget } from "./memoryBudget";
import { MemoryTheory } from "./memoryTheory";

/*
 * Predicts the memory and operations of a network. This file is a bundle of its own, which the extension host loads when it first needs a
 * prediction.
 */

/** Parameters of a network's generators, by {@link parameterCount}. */
export function countGeneratorParameters(config: Config): number {
  return parameterCount(buildModel(config, new LayerFactory(shapeAlone, config.network.norm)).generatorParameters);
}

/**
 * Memory and operations of a training step at each of the depths, which must be ascending, for each backprop mode. Yields now and then so
 * that the caller can do other work, since thousands of blocks take seconds.
 *
 * @param engine the engine whose memory is predicted; by default the configuration's
 * @param backprops the backprop modes to predict
 * @throws RevganError as {@link MemoryTheory}
 */
export function* costsByDepth(
  config: Config,
  engine: string | undefined,
  backprops: readonly BackpropMode[],
  depths: readonly number[],
): Generator<undefined, TheoryPoint[], void> {
  const theory = new MemoryTheory(config, engine);
  const points: TheoryPoint[] = depths.map((depth) => ({ depth, needs: {}, operations: {} }));
  for (const backprop of backprops) {
    const curve = yield* memoryCurve(theory, backprop, depths);
    const operationsAtDepth = operationsByDepth(theory, backprop);
    points.forEach(({ depth, needs, operations }, i) => {
      needs[backprop] = curve[i]!;
      operations[backprop] = operationsAtDepth(depth);
    });
  }
  const { memoryBudget } = config.network;
  if (memoryBudget === null) return points;
  for (const { depth, needs, operations } of points) {
    const [recompute, store] = (["recompute", "store"] as const).map((backprop) => ({
      shares: needs[backprop]!,
      operations: operations[backprop]!,
    })) as [StepWithinBudget, StepWithinBudget];
    const step = stepWithin(theory, memoryBudget, depth, { recompute, store });
    if (step !== null) [needs.budget, operations.budget] = [step.shares, step.operations];
    yield;
  }
  return points;
}

/**
 * Returns the operations of a step as a function of the depth. Each block runs the same kernels: once in a forward pass, and again in a
 * backward pass if the mode recomputes it. So operations are affine in the depth.
 */
export function operationsByDepth(theory: MemoryTheory, backprop: BackpropMode): (depth: number) => number {
  const [fewer, more] = [fewestBlocks, fewestBlocks + 1].map((depth) => theory.workAt({ depth, backprop }).operations);
  return (depth) => fewer! + (more! - fewer!) * (depth - fewestBlocks);
}

/**
 * The least depth from which operations and memory are affine or convex functions of the depth, as below: with two blocks there is a first
 * block, a last one, and a transition between blocks.
 */
const fewestBlocks = 2;

/**
 * The memory at several depths, which must be ascending. Yields after each depth that was counted, since thousands of blocks take a while.
 *
 * Most depths are interpolated exactly. With `recompute` or `store` the live bytes at each point of a step are affine in the depth and in
 * the index of the current block, so they are largest at the first or at the last block. The peak, and the largest activations, are each
 * the maximum of a few functions that are affine in the depth, so they are convex. A convex function that equals its chord at one point
 * between the chord's ends equals it at all of them. With `checkpoint` they are not convex, and every depth is counted.
 */
export function* memoryCurve(
  theory: MemoryTheory,
  backprop: BackpropMode,
  depths: readonly number[],
): Generator<undefined, MemoryShares[], void> {
  const found: MemoryShares[] = [];
  function* count(i: number): Generator<undefined, void, void> {
    found[i] = theory.at({ depth: depths[i]!, backprop });
    yield;
  }
  function* between(low: number, high: number): Generator<undefined, void, void> {
    if (high - low < 2) return;
    const middle = (low + high) >> 1;
    yield* count(middle);
    const [from, to] = [low, high].map((i) => ({ depth: depths[i]!, needs: found[i]! })) as [DepthNeeds, DepthNeeds];
    if (isSame(onChord(from, to, depths[middle]!), found[middle]!)) {
      for (let i = low + 1; i < high; i++) found[i] = onChord(from, to, depths[i]!);
    } else {
      yield* between(low, middle);
      yield* between(middle, high);
    }
  }
  const last = depths.length - 1;
  const first = backprop === "checkpoint" ? last : depths.findIndex((depth) => depth >= fewestBlocks);
  for (let i = 0; i <= (first < 0 ? last : first); i++) yield* count(i);
  if (first >= 0 && first < last) {
    yield* count(last);
    yield* between(first, last);
  }
  return found;
}

interface DepthNeeds {
  readonly depth: number;
  readonly needs: MemoryShares;
}

function onChord(from: DepthNeeds, to: DepthNeeds, depth: number): MemoryShares {
  const at = (share: Exclude<keyof MemoryShares, "peakIn">): number =>
    from.needs[share] + ((to.needs[share] - from.needs[share]) * (depth - from.depth)) / (to.depth - from.depth);
  return {
    peak: at("peak"),
    weights: at("weights"),
    moments: at("moments"),
    gradients: at("gradients"),
    activations: at("activations"),
    largestActivations: at("largestActivations"),
    // If the peak lies in different parts at the two ends, the chord does not tell where it lies between them.
    peakIn: from.needs.peakIn === to.needs.peakIn ? from.needs.peakIn : undefined,
  };
}

function isSame(a: MemoryShares, b: MemoryShares): boolean {
  return (Object.keys(a) as (keyof MemoryShares)[]).every((share) => a[share] === b[share]);
}
