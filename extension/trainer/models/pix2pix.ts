import type { ParameterSource } from "../nn/parameter";
import type { CycleganPlan } from "./cyclegan";
import type { OneWayModel } from "./model";
import { discriminator } from "./parts";
import { resnetGenerator } from "./resnetGenerator";

/** Builds a pix2pix (Isola 2017): A to B, judged in pairs, with parameters from `source`, under the names of its authors' code. */
export function buildPix2pix(plan: CycleganPlan, source: ParameterSource): OneWayModel {
  const { inputChannels: a, outputChannels: b } = plan;
  const aToB = resnetGenerator("G", a, b, plan, source);
  const judgeB = discriminator("D", a + b, { ...plan.discriminator, dimensions: plan.dimensions }, source);
  return { aToB, bToA: null, judgeB, coreRange: null, generator: aToB.parameters, discriminators: judgeB.parameters };
}
