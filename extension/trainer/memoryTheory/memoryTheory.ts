import type { Config } from "../../configuration/defaults";
import { axesOf } from "../../configuration/sizes";
import { RevganError } from "../../protocol/errors";
import type { MemoryLine } from "../../protocol/lines";
import { CountingKernels } from "../kernels/countingKernels";
import type { HostTensor } from "../kernels/tensor";
import { buildModel } from "../models/buildModel";
import { LayerFactory } from "../models/layerFactory";
import { parameterCount } from "../nn/parameter";
import { Optimizer } from "../training/optimizer";
import { stepOf } from "../training/trainingStep";
import { CountedLayerFactory, noValues, shapeAlone } from "./countedLayerFactory";

/*
 * What a network costs, known from its configuration alone: nothing is computed.
 */

/** Bytes at the peak of a step. `activations` is what is left of the peak without weights, moments and gradients. */
export type MemoryShares = MemoryLine["theory"];

/** A depth, and what is kept there for the way back. */
export type MemoryCase = Pick<MemoryLine, "depth" | "backprop">;

/**
 * The memory that a training step needs at its peak, in bytes, derived from the architecture alone: a step of the network is run, layers,
 * objective and optimiser, on kernels that make tensors without values and count their bytes.
 *
 * Counted is every tensor of the step: weights, Adam's two moments, the gradients gathered by the moment of the peak, the
 * pictures, and the activations, intermediate results of losses and roundings included, and the copies that the native engine
 * makes around some convolutions. That engine holds just these, and its ledger agrees to the byte. Not counted:
 * what the WebAssembly engine, and a TensorFlow without our operations, make for a moment inside one of our operations, which they
 * compose of several (the former makes no copies, but stacks of volumes); scratch memory, the allocator's reserves and the program itself.
 *
 * Depth adds to the activations, for each run of the core that is alive at the peak (two in a cycle, one in paired mode), with H
 * the bytes of half of the core's features, and R those of the scales of an instance norm of them:
 * - recompute: nothing, O(1);
 * - store: 2·(3·H + 2·R) a block with additive couplings, of which it has two: the state that it replaces, the outputs of F's two
 *   norms and their scales. Affine ones have two functions, and remember tanh s: 2·(6·H + 4·R). O(n);
 * - checkpoint: 2·H for each of n/⌈√n⌉ segments, the states that it begins with, and the intermediates of one segment of ⌈√n⌉
 *   blocks at a time, as soon as they outweigh what the layers around the core hold at their worst. O(√n).
 * A residual block, of a network that is not reversible, adds what a reversible one with additive couplings does when it is stored.
 * Weights, moments and gradients grow with depth in any case.
 */
export class MemoryTheory {
  private readonly factory: CountedLayerFactory;
  private readonly pictures: { readonly a: HostTensor; readonly b: HostTensor };

  /**
   * @param engine which one computes
   * @throws RevganError `config` when the size of the pictures is not fixed
   */
  constructor(
    private readonly config: Config,
    private readonly engine: string = config.engine,
  ) {
    const { network, data, training } = config;
    const space = axesOf(data.cropSize, network.dimensions);
    if (space === null || space === undefined) {
      throw new RevganError(
        "config",
        "data.cropSize is null, so the size of the pictures, which memory depends on, is not fixed",
        "set data.cropSize",
      );
    }
    const picture = (channels: number): HostTensor => ({
      shape: [training.batchSize, ...space, channels],
      data: noValues,
    });
    this.pictures = { a: picture(network.inputChannels), b: picture(network.outputChannels) };
    this.factory = new CountedLayerFactory(network);
  }

  /** With this depth and way of backpropagation in place of the configuration's. */
  at({ depth, backprop }: MemoryCase): MemoryShares {
    const { mode, network, training } = this.config;
    const k = new CountingKernels(this.engine);
    const model = buildModel({ mode, network: { ...network, depth, backprop } }, this.factory);
    k.ledger.within("weights", () => {
      for (const { value } of [...model.generatorParameters, ...model.discriminatorParameters])
        k.ledger.allocate(value);
    });
    const optimizers = {
      generator: new Optimizer(k, model.generatorParameters, () => noValues),
      discriminators: new Optimizer(k, model.discriminatorParameters, () => noValues),
    };
    // A picture from the pool is as large as the one that is given for it.
    const means = { model, plan: { mode, ...training }, optimizers, pool: passThrough, check: () => undefined };
    const terms = stepOf(k, means, this.pictures, { ...training, step: 1, epsilon: 0 });
    while (terms.next().done !== true);
    const { peak, peakByPart } = k.ledger.read();
    const { weights, moments, gradients } = peakByPart;
    return { peak, weights, moments, gradients, activations: peak - weights - moments - gradients };
  }
}

/** From here on there is a first block, a last one, and the step from one to the next. */
const fewestBlocks = 2;

/**
 * A network's memory at several depths, ascending. It pauses after each depth that was counted, as thousands of blocks take a while.
 *
 * Most depths need no counting. The peak is the largest of the amounts that are alive at the moments of a step. When recomputing or
 * storing, such an amount is affine in the depth and in the number of the block that is at work; so it is largest at the first or at
 * the last block, and the peak is the largest of a few affine functions of the depth, a convex function. If a convex function meets
 * its chord between the chord's ends, it is the chord. With checkpoints it is not convex: every depth is counted.
 */
export function* memoryCurve(
  theory: MemoryTheory,
  backprop: MemoryCase["backprop"],
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
    const [from, to] = [low, high].map((i) => ({ depth: depths[i]!, needs: found[i]! })) as [Known, Known];
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

interface Known {
  readonly depth: number;
  readonly needs: MemoryShares;
}

function onChord(from: Known, to: Known, depth: number): MemoryShares {
  const at = (share: keyof MemoryShares): number =>
    from.needs[share] + ((to.needs[share] - from.needs[share]) * (depth - from.depth)) / (to.depth - from.depth);
  return {
    peak: at("peak"),
    weights: at("weights"),
    moments: at("moments"),
    gradients: at("gradients"),
    activations: at("activations"),
  };
}

function isSame(a: MemoryShares, b: MemoryShares): boolean {
  return (Object.keys(a) as (keyof MemoryShares)[]).every((share) => a[share] === b[share]);
}

/** Parameters of a network's generators, by {@link parameterCount}. */
export function countGeneratorParameters(config: Config): number {
  return parameterCount(buildModel(config, new LayerFactory(shapeAlone, config.network.norm)).generatorParameters);
}

const passThrough = <T>(_: unknown, picture: T): T => picture;
