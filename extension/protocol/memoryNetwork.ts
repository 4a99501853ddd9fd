import type { Config } from "./configDefaults";
import type { PaperParameter } from "./memoryAlive";
import { PaperChain } from "./memoryChain";
import { type PaperBlocks, PaperCore } from "./memoryCore";
import { PaperAdditiveCoupling, PaperAffineCoupling, type PaperCoupling } from "./memoryCouplings";
import { mapSpace, PaperConvolution, type PaperLayer, PaperNorm, PaperPad, PaperRectifier, type PaperShape, PaperTanh } from "./memoryLayers";

/** RevGAN on paper: the shapes and the layers of `buildRevgan`. */
export interface PaperRevgan {
  readonly a: PaperShape;
  readonly b: PaperShape;
  readonly aToB: PaperChain;
  readonly bToA: PaperChain;
  readonly judgeB: PaperChain;
  readonly judgeA: PaperChain;
  /** Each once. */
  readonly generator: readonly PaperParameter[];
  readonly discriminators: readonly PaperParameter[];
}

/** @param space the sides of the pictures, one an axis */
export function paperRevgan({ mode, network, training }: Config, space: readonly number[]): PaperRevgan {
  const picture = (channels: number): PaperShape => [training.batchSize, ...space, channels];
  const [a, b] = [picture(network.inputChannels), picture(network.outputChannels)];
  const [encoderA, encoderB] = [encoder(a, network), encoder(b, network)];
  const features = encoderA.y;
  const [decoderA, decoderB] = [decoder(features, a, network), decoder(features, b, network)];
  const blocks = blocksOf(features, network);
  const core = (direction: "forward" | "inverse"): PaperChain =>
    new PaperChain([new PaperCore(features, blocks, direction, network.backprop, network.coupling === "additive")]);
  const pair = picture(network.inputChannels + network.outputChannels);
  const [judgeB, judgeA] = [b, a].map((judged) => discriminator(mode === "paired" ? pair : judged, network.discriminator)) as [PaperChain, PaperChain];
  return {
    a,
    b,
    aToB: new PaperChain([encoderA, core("forward"), decoderB]),
    bToA: new PaperChain([encoderB, core("inverse"), decoderA]),
    judgeB,
    judgeA,
    generator: [...[encoderA, decoderB, encoderB, decoderA].flatMap(({ parameters }) => parameters), blocks.weights],
    discriminators: [...judgeB.parameters, ...judgeA.parameters],
  };
}

function encoder(x: PaperShape, { width, downsampling }: Config["network"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = add(layers, new PaperPad(x, 3));
  here = add(layers, convolution(here, width, 7, { stride: 1, pad: 0 }, false));
  here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  for (let stage = 1; stage <= downsampling; stage++) {
    here = add(layers, convolution(here, width * 2 ** stage, 3, { stride: 2, pad: 1 }, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  return new PaperChain(layers);
}

function decoder(features: PaperShape, picture: PaperShape, { width, downsampling }: Config["network"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = features;
  for (let stage = downsampling - 1; stage >= 0; stage--) {
    here = add(layers, new PaperConvolution(here, mapSpace(here, (side) => 2 * side, width * 2 ** stage), 3, null, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  here = add(layers, new PaperPad(here, 3));
  here = add(layers, convolution(here, picture.at(-1)!, 7, { stride: 1, pad: 0 }, true));
  add(layers, new PaperTanh(here));
  return new PaperChain(layers);
}

function blocksOf(features: PaperShape, { depth, coupling: kind }: Config["network"]): PaperBlocks {
  const one = coupling(features, kind);
  const bytes = one.parameters.reduce((sum, parameter) => sum + parameter.bytes, 0);
  return { coupling: one, depth, weights: { bytes: 2 * depth * bytes, gathered: false } };
}

function coupling(features: PaperShape, kind: Config["network"]["coupling"]): PaperCoupling {
  const half = [...features.slice(0, -1), features.at(-1)! / 2];
  switch (kind) {
    case "additive":
      return new PaperAdditiveCoupling(residual(half));
    case "affine":
      return new PaperAffineCoupling(residual(half), residual(half));
  }
}

function residual(x: PaperShape): PaperChain {
  const padded = new PaperPad(x, 1);
  const half = (): PaperLayer[] => [padded, convolution(padded.y, x.at(-1)!, 3, { stride: 1, pad: 0 }, false), new PaperNorm(x)];
  return new PaperChain([...half(), new PaperRectifier(x), ...half()]);
}

function discriminator(x: PaperShape, { width, layers: stages }: Config["network"]["discriminator"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = add(layers, convolution(x, width, 4, { stride: 2, pad: 1 }, true));
  here = add(layers, new PaperRectifier(here));
  for (let stage = 1; stage <= stages; stage++) {
    here = add(layers, convolution(here, width * Math.min(2 ** stage, 8), 4, { stride: stage < stages ? 2 : 1, pad: 1 }, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  add(layers, convolution(here, 1, 4, { stride: 1, pad: 1 }, true));
  return new PaperChain(layers);
}

/** Returns the output's shape. */
function add(layers: PaperLayer[], ...more: readonly PaperLayer[]): PaperShape {
  layers.push(...more);
  return more.at(-1)!.y;
}

function convolution(x: PaperShape, outputs: number, size: number, { stride, pad }: { stride: number; pad: number }, bias: boolean): PaperConvolution {
  return new PaperConvolution(x, mapSpace(x, (side) => Math.floor((side + 2 * pad - size) / stride) + 1, outputs), size, pad, bias);
}
