import type { Config } from "./configDefaults";
import { axesOf } from "./configSizes";
import { RevganError } from "./errors";
import type { MemoryLine } from "./lines";
import { Alive } from "./memoryAlive";
import { paperModel } from "./memoryNetwork";
import { PaperStep } from "./memoryObjective";

/** Bytes at the peak of a step. `activations` is what is left of the peak without weights, moments and gradients. */
export type MemoryShares = MemoryLine["theory"];

/** What memory is asked for beside the configuration. */
export interface MemoryCase extends Pick<MemoryLine, "depth" | "backprop"> {
  /** Which engine computes; by default the one that the configuration names. */
  readonly engine?: string;
}

/**
 * The memory that a training step needs at its peak, in bytes, derived from the architecture alone: the step is walked through on
 * paper, with the shapes of its tensors and the rules by which the layers keep and free them, and nothing is computed.
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
 *
 * @throws RevganError `config` when the size of the pictures is not fixed
 */
export function memoryTheory(config: Config, { depth, backprop, engine = config.engine }: MemoryCase): MemoryShares {
  const { network, data, mode, training } = config;
  const space = axesOf(data.cropSize, network.dimensions);
  if (space === null || space === undefined) {
    throw new RevganError(
      "config",
      "data.cropSize is null, so the size of the pictures, which memory depends on, is not fixed",
      "set data.cropSize",
    );
  }
  const model = paperModel({ ...config, network: { ...network, depth, backprop } }, space);
  const weights = [...model.generator, ...model.discriminators].reduce((sum, { bytes }) => sum + bytes, 0);
  const moments = 2 * weights;
  const alive = new Alive(weights + moments, engine !== "wasm");
  new PaperStep(alive, model, training).run(mode);
  const { bytes: peak, gradients } = alive.peak;
  return { peak, weights, moments, gradients, activations: peak - weights - moments - gradients };
}
