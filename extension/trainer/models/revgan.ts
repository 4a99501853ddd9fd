import { Chain } from "../nn/chain";
import { RangeForecast } from "../nn/exactGrid";
import { type Backprop, ReversibleCore } from "../nn/reversibleCore";
import type { Materials } from "./materials";
import type { ModelPlan, TwoWayModel } from "./model";
import { couplings, decoder, discriminator, encoder } from "./parts";

/** What a RevGAN is built from. */
export interface RevganPlan extends ModelPlan {
  readonly coupling: "additive" | "affine";
  readonly backprop: Backprop;
}

/**
 * Builds a RevGAN, two translations that share one invertible core, and the discriminators that judge them (section 3 of the paper):
 * F = Dec_B ∘ C ∘ Enc_A and G = Dec_A ∘ C⁻¹ ∘ Enc_B, of `materials`, under the names of the authors' code.
 *
 * @param exact whether additive couplings reconstruct exactly; false where nothing is reconstructed, or to measure what it is worth
 */
export function buildRevgan(plan: RevganPlan, mode: "unpaired" | "paired", materials: Materials, exact = true): TwoWayModel {
  const encoderA = encoder("G_A_enc", plan.inputChannels, plan, materials);
  const core = couplings("G_core", plan.depth, plan.coupling, plan, materials);
  const decoderB = decoder("G_A_dec", plan.outputChannels, plan, materials);
  const encoderB = encoder("G_B_enc", plan.outputChannels, plan, materials);
  const decoderA = decoder("G_B_dec", plan.inputChannels, plan, materials);
  const options = { backprop: plan.backprop, exact: exact && plan.coupling === "additive" };
  const coreRange = new RangeForecast(plan.depth);
  const along = (direction: "forward" | "inverse"): Chain => new Chain([new ReversibleCore(core, direction, options, coreRange)], "core");

  const judge = { ...plan.discriminator, dimensions: plan.dimensions };
  const pair = plan.inputChannels + plan.outputChannels;
  const [nameB, nameA] = mode === "paired" ? (["D_AB", "D_BA"] as const) : (["D_A", "D_B"] as const);
  const judgeB = discriminator(nameB, mode === "paired" ? pair : plan.outputChannels, judge, materials);
  const judgeA = discriminator(nameA, mode === "paired" ? pair : plan.inputChannels, judge, materials);
  return {
    aToB: new Chain([encoderA, along("forward"), decoderB], null),
    bToA: new Chain([encoderB, along("inverse"), decoderA], null),
    judgeB,
    judgeA,
    coreRange,
    generator: [encoderA, decoderB, encoderB, decoderA].flatMap((part) => part.parameters).concat(core.flatMap((coupling) => coupling.parameters)),
    discriminators: [...judgeB.parameters, ...judgeA.parameters],
    statistics: materials.statistics,
    masks: materials.masks,
  };
}
