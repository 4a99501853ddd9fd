import type { Config } from "../../configuration/defaults";
import { axesOf } from "../../configuration/sizes";
import { RevganError } from "../../protocol/errors";
import type { BackpropMode, MemoryShares } from "../../protocol/lines";
import { CountingKernels } from "../kernels/countingKernels";
import type { CountingLedger } from "../kernels/countingLedger";
import type { HostTensor } from "../kernels/tensor";
import type { Work } from "../kernels/work";
import { buildModel } from "../models/buildModel";
import { Optimizer } from "../training/optimizer";
import { stepOf } from "../training/trainingStep";
import { CountedLayerFactory, noValues } from "./countedLayerFactory";
import { memorySharesOf } from "./memoryShares";

/*
 * Predicts the memory of a training step from the configuration alone. There are no formulas for each kind of layer: the real network
 * (models/, nn/), objective and optimiser (training/) run one step on CountingKernels, which allocate shapes without values in a ledger. So
 * the predicted memory of affine coupling, for example, is what nn/affineCoupling.ts allocates and frees. CountedLayer makes this fast for
 * deep networks: a layer that occurs many times runs once, and the effect of its passes on the ledger is replayed.
 */

/** A depth of the core, and how much the core saves for the backward pass. */
export interface MemoryCase {
  readonly depth: number;
  readonly backprop: BackpropMode;
  /** With `recompute`, the number of blocks that are stored nevertheless; 0 by default. */
  readonly storedBlocks?: number;
}

/**
 * The peak of a training step's tensors, in bytes.
 *
 * Every tensor of the step is counted: weights, Adam's two moments, the gradients accumulated at the time of the peak, the images, the
 * activations, including intermediate results of losses and of rounding, and the native engine's scratch copies around some convolutions.
 * The ledger of the native engine agrees to the byte. Not counted are the temporaries of an operation that the WebAssembly engine, or a
 * TensorFlow without our operations, composes of several operations; the memory inside an engine's own kernels; the allocator's reserves;
 * and the process itself.
 *
 * Growth of the activations with the number n of blocks, for each pass of the core that is alive at the peak (two in a cycle, one in paired
 * mode). H is the bytes of half of the core's features, R those of an instance norm's rstd of that half:
 * - recompute: nothing, O(1);
 * - store: 2·(3·H + 2·R) a block with additive couplings: each of its two couplings saves the state that it replaces, and the outputs and
 *   rstd of F's two norms. Affine couplings have two functions and save tanh s: 2·(6·H + 4·R). O(n);
 * - recompute within a memory budget: as much as store for each block that is stored;
 * - checkpoint: 2·H for each of n/⌈√n⌉ segments, its initial states, and the intermediates of one segment of ⌈√n⌉ blocks at a time, once
 *   they exceed the peak of the layers around the core. O(√n).
 * A residual block of a CycleGAN or pix2pix grows as a stored block with additive couplings. Weights, moments and gradients grow with
 * depth in every mode.
 */
export class MemoryTheory {
  private readonly factory: CountedLayerFactory;
  private readonly pictures: { readonly a: HostTensor; readonly b: HostTensor };

  /**
   * @param engine the engine whose memory is predicted
   * @throws RevganError `config` when the size of the images is not fixed
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

  /** The predicted memory, with this depth and backprop mode in place of the configuration's. */
  at(memoryCase: MemoryCase): MemoryShares {
    return memorySharesOf(this.run(memoryCase).read());
  }

  /** The kernels that a step runs, with this depth and backprop mode in place of the configuration's. */
  workAt(memoryCase: MemoryCase): Work {
    return this.run(memoryCase).work;
  }

  /** Runs a training step on kernels that compute nothing. Returns the ledger that counted it. */
  private run({ depth, backprop, storedBlocks = 0 }: MemoryCase): CountingLedger {
    const { mode, network, training } = this.config;
    const k = new CountingKernels(this.engine, this.config.convolution === "auto");
    const model = buildModel({ mode, network: { ...network, depth, backprop } }, this.factory, { storedBlocks });
    k.ledger.within("weights", () => {
      for (const { value } of [...model.generatorParameters, ...model.discriminatorParameters])
        k.ledger.allocate(value);
    });
    const optimizers = {
      generator: new Optimizer(k, model.generatorParameters, null),
      discriminators: new Optimizer(k, model.discriminatorParameters, null),
    };
    // Passing fakes through is enough: an image from the pool has the size of the fake that it replaces.
    const means = { model, plan: { mode, ...training }, optimizers, pool: passThrough, check: () => undefined };
    const terms = stepOf(k, means, this.pictures, { ...training, step: 1, epsilon: 0 });
    while (terms.next().done !== true);
    return k.ledger;
  }
}

const passThrough = <T>(_: unknown, picture: T): T => picture;
