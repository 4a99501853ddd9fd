import type { Config } from "./configDefaults";
import type { PaperParameter } from "./memoryAlive";
import { PaperResidualBlock } from "./memoryBypass";
import { PaperChain } from "./memoryChain";
import { type PaperBlocks, PaperCore } from "./memoryCore";
import { PaperAdditiveCoupling, PaperAffineCoupling, type PaperCoupling } from "./memoryCouplings";
import type { PaperShape } from "./memoryLayers";
import { decoder, discriminator, encoder, residual } from "./memoryParts";
import { unet } from "./memoryUnet";

/** A network on paper: the shapes and the layers of the trainer's `Model`. */
export interface PaperModel {
  readonly a: PaperShape;
  readonly b: PaperShape;
  readonly aToB: PaperChain;
  readonly judgeB: PaperChain;
  /** The other way; null where the network has none. */
  readonly back: { readonly bToA: PaperChain; readonly judgeA: PaperChain } | null;
  /** Each once. */
  readonly generator: readonly PaperParameter[];
  readonly discriminators: readonly PaperParameter[];
}

/** @param space the sides of the pictures, one an axis */
export function paperModel({ mode, network, training }: Config, space: readonly number[]): PaperModel {
  const picture = (channels: number): PaperShape => [training.batchSize, ...space, channels];
  const [a, b] = [picture(network.inputChannels), picture(network.outputChannels)];
  const pair = picture(network.inputChannels + network.outputChannels);
  const judge = (judged: PaperShape): PaperChain => discriminator(mode === "paired" ? pair : judged, network);
  const { generator, aToB, bToA } = network.kind === "revgan" ? reversible(a, b, network) : storing(a, b, network);
  const judgeB = judge(b);
  const back = bToA === null ? null : { bToA, judgeA: judge(a) };
  return {
    a,
    b,
    aToB,
    judgeB,
    back,
    generator,
    discriminators: [...judgeB.parameters, ...(back?.judgeA.parameters ?? [])],
  };
}

interface Generators extends Pick<PaperModel, "aToB" | "generator"> {
  readonly bToA: PaperChain | null;
}

/** Two translations that share their core. */
function reversible(a: PaperShape, b: PaperShape, network: Config["network"]): Generators {
  const [encoderA, encoderB] = [encoder(a, network), encoder(b, network)];
  const features = encoderA.y;
  const [decoderA, decoderB] = [decoder(features, a, network), decoder(features, b, network)];
  const blocks = blocksOf(features, network);
  const core = (direction: "forward" | "inverse"): PaperChain =>
    new PaperChain([new PaperCore(features, blocks, direction, network.backprop, network.coupling === "additive")]);
  return {
    aToB: new PaperChain([encoderA, core("forward"), decoderB]),
    bToA: new PaperChain([encoderB, core("inverse"), decoderA]),
    generator: [...[encoderA, decoderB, encoderB, decoderA].flatMap(({ parameters }) => parameters), blocks.weights],
  };
}

/** Generators that share nothing. */
function storing(a: PaperShape, b: PaperShape, network: Config["network"]): Generators {
  const generator = network.generator === "resnet" ? resnet : unet;
  const aToB = generator(a, b, network);
  if (network.kind === "pix2pix") return { aToB, bToA: null, generator: aToB.parameters };
  const bToA = generator(b, a, network);
  return { aToB, bToA, generator: [...aToB.parameters, ...bToA.parameters] };
}

/** As the trainer's `resnetGenerator`. */
function resnet(from: PaperShape, to: PaperShape, network: Config["network"]): PaperChain {
  const first = encoder(from, network);
  const blocks = Array.from({ length: network.depth }, () => new PaperResidualBlock(residual(first.y, network)));
  const core = blocks.length === 0 ? [] : [new PaperChain(blocks)];
  return new PaperChain([first, ...core, decoder(first.y, to, network)]);
}

function blocksOf(features: PaperShape, network: Config["network"]): PaperBlocks {
  const { depth } = network;
  const one = coupling(features, network);
  const sum = (of: (parameter: PaperParameter) => number): number =>
    2 * depth * one.parameters.reduce((total, parameter) => total + of(parameter), 0);
  return {
    coupling: one,
    depth,
    weights: { bytes: sum(({ bytes }) => bytes), bias: sum(({ bias = 0 }) => bias), gathered: false },
  };
}

function coupling(features: PaperShape, network: Config["network"]): PaperCoupling {
  const half = [...features.slice(0, -1), features.at(-1)! / 2];
  switch (network.coupling) {
    case "additive":
      return new PaperAdditiveCoupling(residual(half, network));
    case "affine":
      return new PaperAffineCoupling(residual(half, network), residual(half, network));
  }
}
