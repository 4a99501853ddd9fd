import type { Materials } from "./layerFactory";
import type { ModelPlan, TwoWayModel } from "./model";
import { discriminator } from "./parts";
import { resnetGenerator } from "./resnetGenerator";

/** Builds a CycleGAN (Zhu 2017), whose two generators share nothing, of `materials`, under the names of its authors' code. */
export function buildCyclegan(plan: ModelPlan, materials: Materials): TwoWayModel {
  const { inputChannels: a, outputChannels: b } = plan;
  const [aToB, bToA] = [resnetGenerator("G_A", a, b, plan, materials), resnetGenerator("G_B", b, a, plan, materials)];
  const judge = { ...plan.discriminator, dimensions: plan.dimensions };
  const [judgeB, judgeA] = [discriminator("D_A", b, judge, materials), discriminator("D_B", a, judge, materials)];
  return {
    aToB,
    bToA,
    judgeB,
    judgeA,
    coreRange: null,
    generator: [...aToB.parameters, ...bToA.parameters],
    discriminators: [...judgeB.parameters, ...judgeA.parameters],
    statistics: materials.statistics,
    masks: materials.masks,
  };
}
