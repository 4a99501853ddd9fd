import type { LayerFactory } from "./layerFactory";
import type { ModelPlan, UnidirectionalModel } from "./model";
import { discriminator } from "./buildingBlocks";
import { resnetGenerator } from "./resnetGenerator";
import { unetGenerator } from "./unetGenerator";

/** Hyperparameters of a pix2pix. */
export interface Pix2pixPlan extends ModelPlan {
  readonly generator: "resnet" | "unet128" | "unet256";
}

/**
 * Builds a pix2pix (Isola 2017): a generator from A to B, and a discriminator of pairs (A, B). Parameters have the names of its authors'
 * code.
 */
export function buildPix2pix(plan: Pix2pixPlan, factory: LayerFactory): UnidirectionalModel {
  const { generator, dimensions, width, depth, inputChannels: a, outputChannels: b } = plan;
  const aToB =
    generator === "resnet"
      ? resnetGenerator("G", a, b, plan, factory)
      : unetGenerator("G", a, b, { dimensions, width, levels: depth }, factory);
  const discriminatorB = discriminator("D", a + b, { ...plan.discriminator, dimensions }, factory);
  return {
    aToB,
    bToA: null,
    discriminatorB: discriminatorB,
    coreRange: null,
    generatorParameters: aToB.parameters,
    discriminatorParameters: discriminatorB.parameters,
    statistics: factory.statistics,
    masks: factory.masks,
  };
}
