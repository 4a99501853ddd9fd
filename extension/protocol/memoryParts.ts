import type { Config } from "./configDefaults";
import { PaperChain } from "./memoryChain";
import { PaperConvolution, PaperTransposedConvolution } from "./memoryConvolutions";
import { type PaperLayer, PaperPad, PaperRectifier, type PaperShape, PaperTanh } from "./memoryLayers";
import { PaperAffineMap, PaperBatchNorm, PaperDropout, PaperNorm } from "./memoryNorms";

/*
 * What the trainer's models are made of, on paper: the shapes and the layers of its parts.
 */

type Network = Config["network"];

/** Layers one after the other, each made for the shape that the one before it gives. */
export class PaperSequence {
  private readonly layers: PaperLayer[] = [];

  constructor(
    private readonly x: PaperShape,
    private readonly network: Network,
  ) {}

  add(make: (x: PaperShape) => PaperLayer): this {
    this.layers.push(make(this.layers.at(-1)?.y ?? this.x));
    return this;
  }

  norm(): this {
    if (this.network.norm === "instance") return this.add((x) => new PaperNorm(x));
    return this.add((x) => new PaperBatchNorm(x)).add((x) => new PaperAffineMap(x));
  }

  dropout(): this {
    return this.network.dropout ? this.add((x) => new PaperDropout(x)) : this;
  }

  rectifier(): this {
    return this.add((x) => new PaperRectifier(x));
  }

  chain(): PaperChain {
    return new PaperChain(this.layers);
  }
}

/** Image or volume to features. */
export function encoder(x: PaperShape, network: Network): PaperChain {
  const rim = rimOf(network);
  const layers = new PaperSequence(x, network)
    .add((at) => new PaperPad(at, rim))
    .add((at) => new PaperConvolution(at, network.width, { size: 2 * rim + 1, ...same, bias: false }));
  layers.norm().rectifier();
  for (let stage = 1; stage <= network.downsampling; stage++) {
    layers
      .add((at) => new PaperConvolution(at, network.width * 2 ** stage, { size: 3, ...halving, bias: false }))
      .norm()
      .rectifier();
  }
  return layers.chain();
}

/** Features to image or volume. */
export function decoder(features: PaperShape, picture: PaperShape, network: Network): PaperChain {
  const layers = new PaperSequence(features, network);
  const rim = rimOf(network);
  for (let stage = network.downsampling - 1; stage >= 0; stage--) {
    layers
      .add((at) => new PaperTransposedConvolution(at, network.width * 2 ** stage, { size: 3, bias: false }))
      .norm()
      .rectifier();
  }
  return layers
    .add((at) => new PaperPad(at, rim))
    .add((at) => new PaperConvolution(at, picture.at(-1)!, { size: 2 * rim + 1, ...same, bias: true }))
    .add((at) => new PaperTanh(at))
    .chain();
}

/** Two convolutions between as many channels: of a coupling, or of a residual block. */
export function residual(x: PaperShape, network: Network): PaperChain {
  const layers = new PaperSequence(x, network);
  const convolution = (bias: boolean): PaperSequence =>
    layers
      .add((at) => new PaperPad(at, 1))
      .add((at) => new PaperConvolution(at, x.at(-1)!, { size: 3, ...same, bias }));
  const isNormedFirst = network.dimensions === 3;
  if (isNormedFirst) layers.norm();
  convolution(false).norm().rectifier().dropout();
  return (isNormedFirst ? convolution(true) : convolution(false).norm()).chain();
}

/** Image or volume, or a pair of them, to logits. */
export function discriminator(x: PaperShape, network: Network): PaperChain {
  const { width, layers: stages } = network.discriminator;
  const layers = new PaperSequence(x, network)
    .add((at) => new PaperConvolution(at, width, { size: 4, ...halving, bias: true }))
    .rectifier();
  for (let stage = 1; stage <= stages; stage++) {
    layers
      .add(
        (at) =>
          new PaperConvolution(at, width * Math.min(2 ** stage, 8), {
            size: 4,
            stride: stage < stages ? 2 : 1,
            pad: 1,
            bias: false,
          }),
      )
      .norm()
      .rectifier();
  }
  return layers.add((at) => new PaperConvolution(at, 1, { size: 4, stride: 1, pad: 1, bias: true })).chain();
}

/** Elements around a picture in front of the first and the last convolution. */
function rimOf({ dimensions }: Network): number {
  return dimensions === 3 ? 2 : 3;
}

const same = { stride: 1, pad: 0 };
const halving = { stride: 2, pad: 1 };
