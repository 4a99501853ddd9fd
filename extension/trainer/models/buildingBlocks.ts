import type { Border } from "../kernels/kernels";
import { LeakyRelu, Relu, Tanh } from "../nn/activations";
import { AffineCoupling } from "../nn/affineCoupling";
import { Convolution, TransposedConvolution } from "../nn/convolution";
import { AdditiveCoupling, type Coupling } from "../nn/coupling";
import type { Layer } from "../nn/layer";
import { Pad, ReluPad } from "../nn/pad";
import type { LayerFactory } from "./layerFactory";

/** Sizes that all parts of a network share. */
export interface NetworkSizes {
  /** Spatial axes: 2 for images, 3 for volumes. */
  readonly dimensions: number;
  /** Filters of the first convolution. */
  readonly width: number;
  /** Number of stride-2 stages of the encoder. */
  readonly downsampling: number;
}

/** Sizes of a PatchGAN discriminator. */
export interface DiscriminatorSizes {
  readonly dimensions: number;
  /** Filters of the first convolution. */
  readonly width: number;
  /** Number of stride-2 convolutions. */
  readonly layers: number;
}

const stride1 = { stride: 1, pad: 0 };
const stride2 = { stride: 2, pad: 1 };

/** How the padding in front of an unpadded convolution is filled: the authors reflect images and replicate the edges of volumes. */
function borderOf(dimensions: number): Border {
  return dimensions === 3 ? "replicate" : "reflect";
}

/** Padding of the first and the last convolution, whose filters are 7 wide for images and 5 wide for volumes. */
function outerPadding(dimensions: number): number {
  return dimensions === 3 ? 2 : 3;
}

/**
 * Maps an image or volume `[n, …, inputs]` to features `[n, …, width·2ᵈ]`, whose sides are 1/2ᵈ as long, by d stages of downsampling.
 *
 * @param name PyTorch's name of its sequence of modules
 */
export function encoder(name: string, inputs: number, sizes: NetworkSizes, factory: LayerFactory): Layer {
  return factory.chain("encoders", inputs, () => {
    const { dimensions, width, downsampling } = sizes;
    const { createParameter, biasBeforeNorm: bias } = factory;
    const size = 2 * outerPadding(dimensions) + 1;
    const layers: Layer[] = [
      new Pad(outerPadding(dimensions), borderOf(dimensions)),
      new Convolution(
        { name: `${name}.1`, dimensions, size, inputs, outputs: width, geometry: stride1, bias },
        createParameter,
      ),
      ...factory.norm(`${name}.2`, width),
      new Relu(),
    ];
    for (let stage = 0; stage < downsampling; stage++) {
      const channels = width * 2 ** stage;
      const module = 4 + 3 * stage;
      layers.push(
        new Convolution(
          {
            name: `${name}.${module}`,
            dimensions,
            size: 3,
            inputs: channels,
            outputs: 2 * channels,
            geometry: stride2,
            bias,
          },
          createParameter,
        ),
        ...factory.norm(`${name}.${module + 1}`, 2 * channels),
        new Relu(),
      );
    }
    return layers;
  });
}

/**
 * Maps features `[n, …, width·2ᵈ]` to an image or volume `[n, …, outputs]` in (−1, 1), whose sides are 2ᵈ times as long.
 *
 * @param name PyTorch's name of its sequence of modules
 * @param firstModule number of its first module within the sequence; 0 by default
 */
export function decoder(
  name: string,
  outputs: number,
  sizes: NetworkSizes,
  factory: LayerFactory,
  firstModule = 0,
): Layer {
  return factory.chain("decoders", outputs, () => {
    const { dimensions, width, downsampling } = sizes;
    const { createParameter, biasBeforeNorm: bias } = factory;
    const layers: Layer[] = [];
    for (let stage = 0; stage < downsampling; stage++) {
      const channels = width * 2 ** (downsampling - stage);
      const module = firstModule + 3 * stage;
      layers.push(
        new TransposedConvolution(
          {
            name: `${name}.${module}`,
            dimensions,
            size: 3,
            inputs: channels,
            outputs: channels / 2,
            geometry: stride2,
            bias,
          },
          createParameter,
        ),
        ...factory.norm(`${name}.${module + 1}`, channels / 2),
        ...(stage < downsampling - 1 ? [new Relu()] : []),
      );
    }
    const outer = [outerPadding(dimensions), borderOf(dimensions)] as const;
    layers.push(
      // Without an upsampling stage before it, there is no ReLU to apply: the core's output is padded as it is.
      downsampling > 0 ? new ReluPad(...outer) : new Pad(...outer),
      new Convolution(
        {
          name: `${name}.${firstModule + 3 * downsampling + 1}`,
          dimensions,
          size: 2 * outerPadding(dimensions) + 1,
          inputs: width,
          outputs,
          geometry: stride1,
          bias: "used",
        },
        createParameter,
      ),
      new Tanh(),
    );
    return layers;
  });
}

/**
 * Whether a block is the identity before training. It is for volumes, whose {@link residualFunction}s end with a convolution that starts at
 * zero: an additive coupling then adds 0, an affine one scales by 1 and shifts by 0.
 */
export function startsAsIdentity(dimensions: number): boolean {
  return dimensions === 3;
}

/**
 * Two 3-wide convolutions of `channels` channels: F or G of an additive coupling, s or t of an affine one, or the function of a
 * residual block. For images a norm follows each convolution. For volumes a norm precedes each, and the second convolution starts at zero,
 * so that the core starts as the identity.
 */
export function residualFunction(name: string, channels: number, dimensions: number, factory: LayerFactory): Layer {
  return factory.chain("core", channels, () => {
    const { createParameter, biasBeforeNorm } = factory;
    const isNormFirst = startsAsIdentity(dimensions);
    const plan = { dimensions, size: 3, inputs: channels, outputs: channels, geometry: stride1 };
    const dropout = factory.dropout();
    const border = borderOf(dimensions);
    const first = isNormFirst ? 2 : 1;
    const second = first + 4 + dropout.length;
    const secondPlan = { ...plan, name: `${name}.${second}` };
    return [
      ...(isNormFirst ? factory.norm(`${name}.0`, channels) : []),
      new Pad(1, border),
      new Convolution({ ...plan, name: `${name}.${first}`, bias: biasBeforeNorm }, createParameter),
      ...factory.norm(`${name}.${first + 1}`, channels),
      ...(dropout.length === 0 ? [new ReluPad(1, border)] : [new Relu(), ...dropout, new Pad(1, border)]),
      ...(isNormFirst
        ? [new Convolution({ ...secondPlan, bias: "used", initial: "zero" }, createParameter)]
        : [
            new Convolution({ ...secondPlan, bias: biasBeforeNorm }, createParameter),
            ...factory.norm(`${name}.${second + 1}`, channels),
          ]),
    ];
  });
}

/**
 * The couplings of `depth` reversible blocks, F's and G's of each block in turn, named as in the authors' code.
 *
 * @param name PyTorch's name of their sequence of modules
 */
export function couplings(
  name: string,
  depth: number,
  kind: "additive" | "affine",
  { dimensions, width, downsampling }: NetworkSizes,
  factory: LayerFactory,
): Coupling[] {
  const half = (width * 2 ** downsampling) / 2;
  return Array.from({ length: depth }, (_, block) => `${name}.${block}.rev_block.rev_block`).flatMap((block) =>
    ["Fm", "Gm"].map((part) => {
      const layers = (suffix: string): Layer =>
        residualFunction(`${block}.${part}${suffix}`, half, dimensions, factory);
      return kind === "additive"
        ? new AdditiveCoupling(layers(""))
        : new AffineCoupling(layers(".NN_logs"), layers(".NN_t"));
    }),
  );
}

/**
 * PatchGAN (Isola 2017): maps an image or volume `[n, …, inputs]` to a logit for each patch, `[n, …, 1]`. The first convolution has `width`
 * outputs, each later one but the last twice as many, up to 8·width.
 */
export function discriminator(
  name: string,
  inputs: number,
  { dimensions, width, layers: count }: DiscriminatorSizes,
  factory: LayerFactory,
): Layer {
  return factory.chain("discriminators", inputs, () => {
    const { createParameter, biasBeforeNorm: bias } = factory;
    const plan = { dimensions, size: 4 };
    const unstrided = { stride: 1, pad: 1 };
    const layers: Layer[] = [
      new Convolution(
        { ...plan, name: `${name}.model.0`, inputs, outputs: width, geometry: stride2, bias: "used" },
        createParameter,
      ),
      new LeakyRelu(),
    ];
    let channels = width;
    for (let stage = 1; stage <= count; stage++) {
      const outputs = width * Math.min(2 ** stage, 8);
      const geometry = stage < count ? stride2 : unstrided;
      const module = 3 * stage - 1;
      layers.push(
        new Convolution(
          { ...plan, name: `${name}.model.${module}`, inputs: channels, outputs, geometry, bias },
          createParameter,
        ),
        ...factory.norm(`${name}.model.${module + 1}`, outputs),
        new LeakyRelu(),
      );
      channels = outputs;
    }
    const last = { name: `${name}.model.${3 * count + 2}`, inputs: channels, outputs: 1 };
    layers.push(new Convolution({ ...plan, ...last, geometry: unstrided, bias: "used" }, createParameter));
    return layers;
  });
}
