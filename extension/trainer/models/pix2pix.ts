import type { Materials } from "./layerFactory";
import type { ModelPlan, OneWayModel } from "./model";
import { discriminator } from "./parts";
import { resnetGenerator } from "./resnetGenerator";
import { unetGenerator } from "./unetGenerator";

/** What a pix2pix is built from. */
export interface Pix2pixPlan extends ModelPlan {
  readonly generator: "resnet" | "unet128" | "unet256";
}

/** Builds a pix2pix (Isola 2017): A to B, judged in pairs, of `materials`, under the names of its authors' code. */
export function buildPix2pix(plan: Pix2pixPlan, materials: Materials): OneWayModel {
  const { generator, dimensions, width, depth, inputChannels: a, outputChannels: b } = plan;
  const aToB =
    generator === "resnet"
      ? resnetGenerator("G", a, b, plan, materials)
      : unetGenerator("G", a, b, { dimensions, width, levels: depth }, materials);
  const judgeB = discriminator("D", a + b, { ...plan.discriminator, dimensions }, materials);
  return {
    aToB,
    bToA: null,
    judgeB,
    coreRange: null,
    generator: aToB.parameters,
    discriminators: judgeB.parameters,
    statistics: materials.statistics,
    masks: materials.masks,
  };
}
