import { ResidualBlock } from "../nn/shortcuts";
import { Chain } from "../nn/chain";
import type { LayerFactory } from "./layerFactory";
import { decoder, encoder, type NetworkSizes, residualFunction } from "./buildingBlocks";

/** Sizes of a generator with residual blocks. */
export interface ResnetPlan extends NetworkSizes {
  /** Number of residual blocks. */
  readonly depth: number;
}

/**
 * CycleGAN's generator (Johnson 2016, Zhu 2017): maps an image or volume `[n, …, inputs]` to `[n, …, outputs]` in (−1, 1). Residual blocks
 * lie between an encoder and a decoder as a RevGAN has them. PyTorch's names form one sequence of modules, `NAME.model.N`.
 */
export function resnetGenerator(
  name: string,
  inputs: number,
  outputs: number,
  plan: ResnetPlan,
  factory: LayerFactory,
): Chain {
  const { depth, dimensions, width, downsampling } = plan;
  const first = 4 + 3 * downsampling;
  const blocks = Array.from(
    { length: depth },
    (_, i) =>
      new ResidualBlock(
        residualFunction(`${name}.model.${first + i}.conv_block`, width * 2 ** downsampling, dimensions, factory),
      ),
  );
  const core = depth === 0 ? [] : [factory.chain("core", null, () => blocks)];
  return new Chain(
    [
      encoder(`${name}.model`, inputs, plan, factory),
      ...core,
      decoder(`${name}.model`, outputs, plan, factory, first + depth),
    ],
    null,
  );
}
