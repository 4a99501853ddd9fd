import { AdditiveCoupling, type Coupling } from "../nn/coupling";
import type { Border } from "../kernels/kernels";
import { LeakyRelu, Relu, Tanh } from "../nn/activations";
import { AffineCoupling } from "../nn/affineCoupling";
import { Convolution, TransposedConvolution } from "../nn/convolution";
import type { Layer } from "../nn/layer";
import { Pad } from "../nn/pad";
import type { Materials } from "./layerFactory";

/** Sizes that all parts of a network share. */
export interface PartPlan {
  /** Spatial axes: 2 for images, 3 for volumes. */
  readonly dimensions: number;
  /** Filters of the first convolution. */
  readonly width: number;
  /** Stride-2 stages of the encoder. */
  readonly downsampling: number;
}

const same = { stride: 1, pad: 0 };
const halving = { stride: 2, pad: 1 };

/** The padding in front of an unpadded convolution: the authors reflect images and repeat the edges of volumes. */
function around(dimensions: number, width: number): Pad {
  const border: Border = dimensions === 3 ? "replicate" : "reflect";
  return new Pad(width, border);
}

/** Elements around a picture in front of the first and the last convolution: these are 7 wide for images, 5 for volumes. */
function rim(dimensions: number): number {
  return dimensions === 3 ? 2 : 3;
}

/**
 * Image or volume `[n, …, inputs]` to features `[n, …, width·2ᵈ]` of 1/2ᵈ of its sides, with d stages of downsampling.
 *
 * @param name of its sequence of modules
 */
export function encoder(
  name: string,
  inputs: number,
  { dimensions, width, downsampling }: PartPlan,
  materials: Materials,
): Layer {
  return materials.chain("encoders", inputs, () => {
    const { source, biasBeforeNorm: bias } = materials;
    const size = 2 * rim(dimensions) + 1;
    const layers: Layer[] = [
      around(dimensions, rim(dimensions)),
      new Convolution({ name: `${name}.1`, dimensions, size, inputs, outputs: width, window: same, bias }, source),
      ...materials.norm(`${name}.2`, width),
      new Relu(),
    ];
    for (let stage = 0; stage < downsampling; stage++) {
      const from = width * 2 ** stage;
      const first = 4 + 3 * stage;
      const plan = {
        name: `${name}.${first}`,
        dimensions,
        size: 3,
        inputs: from,
        outputs: 2 * from,
        window: halving,
        bias,
      };
      layers.push(new Convolution(plan, source), ...materials.norm(`${name}.${first + 1}`, 2 * from), new Relu());
    }
    return layers;
  });
}

/**
 * Features `[n, …, width·2ᵈ]` to an image or volume `[n, …, outputs]` of 2ᵈ times their sides in (−1, 1).
 *
 * @param name of its sequence of modules
 * @param begin number of its first module, where it is not the first of its sequence
 */
export function decoder(
  name: string,
  outputs: number,
  { dimensions, width, downsampling }: PartPlan,
  materials: Materials,
  begin = 0,
): Layer {
  return materials.chain("decoders", outputs, () => {
    const { source, biasBeforeNorm: bias } = materials;
    const layers: Layer[] = [];
    for (let stage = 0; stage < downsampling; stage++) {
      const from = width * 2 ** (downsampling - stage);
      const first = begin + 3 * stage;
      const plan = {
        name: `${name}.${first}`,
        dimensions,
        size: 3,
        inputs: from,
        outputs: from / 2,
        window: halving,
        bias,
      };
      layers.push(
        new TransposedConvolution(plan, source),
        ...materials.norm(`${name}.${first + 1}`, from / 2),
        new Relu(),
      );
    }
    const size = 2 * rim(dimensions) + 1;
    const last = {
      name: `${name}.${begin + 3 * downsampling + 1}`,
      dimensions,
      size,
      inputs: width,
      outputs,
      window: same,
      bias: "used" as const,
    };
    layers.push(around(dimensions, rim(dimensions)), new Convolution(last, source), new Tanh());
    return layers;
  });
}

/**
 * F, G, s or t of a coupling, on half of the core's channels, or the function of a residual block: two convolutions. For images each has
 * a norm behind it; for volumes in front of it, and the second one begins at zero, so that a core begins as the identity.
 */
export function residual(name: string, channels: number, dimensions: number, materials: Materials): Layer {
  return materials.chain("core", channels, () => {
    const isNormedFirst = dimensions === 3;
    const plan = { dimensions, size: 3, inputs: channels, outputs: channels, window: same };
    const dropout = materials.dropout();
    const first = isNormedFirst ? 2 : 1;
    const second = first + 4 + dropout.length;
    const last = { ...plan, name: `${name}.${second}` };
    const layers = [
      ...(isNormedFirst ? materials.norm(`${name}.0`, channels) : []),
      around(dimensions, 1),
      new Convolution({ ...plan, name: `${name}.${first}`, bias: materials.biasBeforeNorm }, materials.source),
      ...materials.norm(`${name}.${first + 1}`, channels),
      new Relu(),
      ...dropout,
      around(dimensions, 1),
      ...(isNormedFirst
        ? [new Convolution({ ...last, bias: "used", initial: "zero" }, materials.source)]
        : [
            new Convolution({ ...last, bias: materials.biasBeforeNorm }, materials.source),
            ...materials.norm(`${name}.${second + 1}`, channels),
          ]),
    ];
    return layers;
  });
}

/**
 * The couplings of `depth` reversible blocks, F and G of each in turn, named as the authors' code names them.
 *
 * @param name of their sequence of modules
 */
export function couplings(
  name: string,
  depth: number,
  kind: "additive" | "affine",
  { dimensions, width, downsampling }: PartPlan,
  materials: Materials,
): Coupling[] {
  const half = (width * 2 ** downsampling) / 2;
  return Array.from({ length: depth }, (_, block) => `${name}.${block}.rev_block.rev_block`).flatMap((block) =>
    ["Fm", "Gm"].map((part) => {
      const one = (suffix: string): Layer => residual(`${block}.${part}${suffix}`, half, dimensions, materials);
      return kind === "additive" ? new AdditiveCoupling(one("")) : new AffineCoupling(one(".NN_logs"), one(".NN_t"));
    }),
  );
}

/** PatchGAN: image or volume `[n, …, inputs]` to a logit for each patch. `layers` stride-2 convolutions; channels double up to 8×. */
export function discriminator(
  name: string,
  inputs: number,
  { dimensions, width, layers }: { dimensions: number; width: number; layers: number },
  materials: Materials,
): Layer {
  return materials.chain("discriminators", inputs, () => {
    const { source, biasBeforeNorm: bias } = materials;
    const plan = { dimensions, size: 4 };
    const chain: Layer[] = [
      new Convolution(
        { ...plan, name: `${name}.model.0`, inputs, outputs: width, window: halving, bias: "used" },
        source,
      ),
      new LeakyRelu(),
    ];
    let from = width;
    for (let stage = 1; stage <= layers; stage++) {
      const outputs = width * Math.min(2 ** stage, 8);
      const window = stage < layers ? halving : { stride: 1, pad: 1 };
      const first = 3 * stage - 1;
      chain.push(
        new Convolution({ ...plan, name: `${name}.model.${first}`, inputs: from, outputs, window, bias }, source),
        ...materials.norm(`${name}.model.${first + 1}`, outputs),
        new LeakyRelu(),
      );
      from = outputs;
    }
    chain.push(
      new Convolution(
        {
          ...plan,
          name: `${name}.model.${3 * layers + 2}`,
          inputs: from,
          outputs: 1,
          window: { stride: 1, pad: 1 },
          bias: "used",
        },
        source,
      ),
    );
    return chain;
  });
}
