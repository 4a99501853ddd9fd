import type { Config } from "../../configuration/defaults";
import { axesOf } from "../../configuration/sizes";
import { RevganError } from "../../protocol/errors";
import type { Backprop, MemoryShares } from "../../protocol/lines";
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
 * The memory of a training step, predicted from the configuration alone. There are no formulas for each kind of layer here: the real
 * network (models/, nn/), objective and optimiser (training/) run one step on CountingKernels, which allocate shapes without values in a
 * ledger. So the memory of affine coupling, for example, is what nn/affineCoupling.ts allocates and frees. CountedLayer makes that fast
 * for deep networks: a layer that occurs many times runs once, and the effect of its passes on the ledger is replayed.
 */

/** A depth, and what the core saves for the backward pass. */
export interface MemoryCase {
  readonly depth: number;
  readonly backprop: Backprop;
  /** With `recompute`, how many of the blocks are stored nevertheless; 0 by default. */
  readonly storedBlocks?: number;
}

/**
 * The peak of a training step's tensors, in bytes.
 *
 * Counted is every tensor of the step: weights, Adam's two moments, the gradients accumulated at the time of the peak, the images, the
 * activations, including intermediate results of losses and of rounding, and the native engine's scratch copies around some
 * convolutions. The ledger of the native engine agrees to the byte. Not counted: temporaries inside one of our operations, where the
 * WebAssembly engine, or a TensorFlow without our operations, composes it of several; the memory inside an engine's own kernels; the
 * allocator's reserves; the process itself.
 *
 * Growth of the activations with depth n, for each pass of the core that is alive at the peak (two in a cycle, one in paired mode), with
 * H the bytes of half of the core's features and R those of an instance norm's rstd of them:
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
   * @param engine whose memory is predicted
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

  /** The prediction for this depth and backprop mode in place of the configuration's. */
  at(memoryCase: MemoryCase): MemoryShares {
    return memorySharesOf(this.run(memoryCase).read());
  }

  /** The kernels of a step at this depth and backprop mode. */
  workAt(memoryCase: MemoryCase): Work {
    return this.run(memoryCase).work;
  }

  /** Takes a step that computes nothing. Returns the ledger that it was counted in. */
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
    // An image from the pool has the size of the one that is exchanged for it.
    const means = { model, plan: { mode, ...training }, optimizers, pool: passThrough, check: () => undefined };
    const terms = stepOf(k, means, this.pictures, { ...training, step: 1, epsilon: 0 });
    while (terms.next().done !== true);
    return k.ledger;
  }
}

const passThrough = <T>(_: unknown, picture: T): T => picture;
