import type { LayerFactory } from "./layerFactory";
import type { ModelPlan, BidirectionalModel } from "./model";
import { discriminator } from "./buildingBlocks";
import { resnetGenerator } from "./resnetGenerator";

/** Builds a CycleGAN (Zhu 2017): two separate generators and their discriminators. Parameters have the names of its authors' code. */
export function buildCyclegan(plan: ModelPlan, factory: LayerFactory): BidirectionalModel {
  const { inputChannels: a, outputChannels: b } = plan;
  const [aToB, bToA] = [resnetGenerator("G_A", a, b, plan, factory), resnetGenerator("G_B", b, a, plan, factory)];
  const discriminatorSizes = { ...plan.discriminator, dimensions: plan.dimensions };
  const [discriminatorB, discriminatorA] = [
    discriminator("D_A", b, discriminatorSizes, factory),
    discriminator("D_B", a, discriminatorSizes, factory),
  ];
  return {
    aToB,
    bToA,
    discriminatorB: discriminatorB,
    discriminatorA: discriminatorA,
    coreRange: null,
    generatorParameters: [...aToB.parameters, ...bToA.parameters],
    discriminatorParameters: [...discriminatorB.parameters, ...discriminatorA.parameters],
    statistics: factory.statistics,
    masks: factory.masks,
  };
}
