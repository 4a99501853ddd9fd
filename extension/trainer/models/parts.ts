import { AdditiveCoupling, type Coupling } from "../nn/coupling";
import { LeakyRelu, Relu, Tanh } from "../nn/activations";
import { AffineCoupling } from "../nn/affineCoupling";
import { Chain } from "../nn/chain";
import { Convolution, TransposedConvolution } from "../nn/convolution";
import type { Layer } from "../nn/layer";
import { ReflectionPad } from "../nn/reflectionPad";
import type { Materials } from "./materials";

/** Sizes that all parts of a network share. */
export interface PartPlan {
  readonly dimensions: number;
  /** Filters of the first convolution. */
  readonly width: number;
  /** Stride-2 stages of the encoder. */
  readonly downsampling: number;
}

const same = { stride: 1, pad: 0 };
const halving = { stride: 2, pad: 1 };

/** Image `[n, h, w, inputs]` to features `[n, h/2ᵈ, w/2ᵈ, width·2ᵈ]`, with d stages of downsampling. */
export function encoder(name: string, inputs: number, { dimensions, width, downsampling }: PartPlan, materials: Materials): Chain {
  const { source, biasBeforeNorm: bias } = materials;
  const layers: Layer[] = [
    new ReflectionPad(3),
    new Convolution({ name: `${name}.model.1`, dimensions, size: 7, inputs, outputs: width, window: same, bias }, source),
    ...materials.norm(`${name}.model.2`, width),
    new Relu(),
  ];
  for (let stage = 0; stage < downsampling; stage++) {
    const from = width * 2 ** stage;
    const first = 4 + 3 * stage;
    const plan = { name: `${name}.model.${first}`, dimensions, size: 3, inputs: from, outputs: 2 * from, window: halving, bias };
    layers.push(new Convolution(plan, source), ...materials.norm(`${name}.model.${first + 1}`, 2 * from), new Relu());
  }
  return new Chain(layers, "encoders");
}

/**
 * Features `[n, h/2ᵈ, w/2ᵈ, width·2ᵈ]` to image `[n, h, w, outputs]` in (−1, 1).
 *
 * @param begin number of its first module, where it is not the first of its sequence
 */
export function decoder(name: string, outputs: number, { dimensions, width, downsampling }: PartPlan, materials: Materials, begin = 0): Chain {
  const { source, biasBeforeNorm: bias } = materials;
  const layers: Layer[] = [];
  for (let stage = 0; stage < downsampling; stage++) {
    const from = width * 2 ** (downsampling - stage);
    const first = begin + 3 * stage;
    const plan = { name: `${name}.model.${first}`, dimensions, size: 3, inputs: from, outputs: from / 2, window: halving, bias };
    layers.push(new TransposedConvolution(plan, source), ...materials.norm(`${name}.model.${first + 1}`, from / 2), new Relu());
  }
  const last = { name: `${name}.model.${begin + 3 * downsampling + 1}`, dimensions, size: 7, inputs: width, outputs, window: same, bias: "used" as const };
  layers.push(new ReflectionPad(3), new Convolution(last, source), new Tanh());
  return new Chain(layers, "decoders");
}

/** F, G, s or t of a coupling, on half of the core's channels, or the function of a residual block: two convolutions. */
export function residual(name: string, channels: number, dimensions: number, materials: Materials): Chain {
  const plan = { dimensions, size: 3, inputs: channels, outputs: channels, window: same, bias: materials.biasBeforeNorm };
  const dropout = materials.dropout();
  const second = 5 + dropout.length;
  const layers = [
    new ReflectionPad(1),
    new Convolution({ ...plan, name: `${name}.1` }, materials.source),
    ...materials.norm(`${name}.2`, channels),
    new Relu(),
    ...dropout,
    new ReflectionPad(1),
    new Convolution({ ...plan, name: `${name}.${second}` }, materials.source),
    ...materials.norm(`${name}.${second + 1}`, channels),
  ];
  return new Chain(layers, "core");
}

/** The couplings of `depth` reversible blocks, F and G of each in turn, named as the authors' code names them. */
export function couplings(
  name: string,
  depth: number,
  kind: "additive" | "affine",
  { dimensions, width, downsampling }: PartPlan,
  materials: Materials,
): Coupling[] {
  const half = (width * 2 ** downsampling) / 2;
  return Array.from({ length: depth }, (_, block) => `${name}.model.${block}.rev_block.rev_block`).flatMap((block) =>
    ["Fm", "Gm"].map((part) => {
      const one = (suffix: string): Chain => residual(`${block}.${part}${suffix}`, half, dimensions, materials);
      return kind === "additive" ? new AdditiveCoupling(one("")) : new AffineCoupling(one(".NN_logs"), one(".NN_t"));
    }),
  );
}

/** PatchGAN: image `[n, h, w, inputs]` to a logit for each patch. `layers` stride-2 convolutions; channels double up to 8×. */
export function discriminator(
  name: string,
  inputs: number,
  { dimensions, width, layers }: { dimensions: number; width: number; layers: number },
  materials: Materials,
): Chain {
  const { source, biasBeforeNorm: bias } = materials;
  const plan = { dimensions, size: 4 };
  const chain: Layer[] = [new Convolution({ ...plan, name: `${name}.model.0`, inputs, outputs: width, window: halving, bias: "used" }, source), new LeakyRelu()];
  let from = width;
  for (let stage = 1; stage <= layers; stage++) {
    const outputs = width * Math.min(2 ** stage, 8);
    const window = stage < layers ? halving : { stride: 1, pad: 1 };
    const first = 3 * stage - 1;
    chain.push(new Convolution({ ...plan, name: `${name}.model.${first}`, inputs: from, outputs, window, bias }, source), ...materials.norm(`${name}.model.${first + 1}`, outputs), new LeakyRelu());
    from = outputs;
  }
  chain.push(new Convolution({ ...plan, name: `${name}.model.${3 * layers + 2}`, inputs: from, outputs: 1, window: { stride: 1, pad: 1 }, bias: "used" }, source));
  return new Chain(chain, "discriminators");
}
