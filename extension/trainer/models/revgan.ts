import { Chain } from "../nn/chain";
import { RangePredictor } from "../nn/exactGrid";
import type { Layer } from "../nn/layer";
import { parametersOf } from "../nn/parameter";
import { type BackpropMode, type CoreOptions, ReversibleCore } from "../nn/reversibleCore";
import type { LayerFactory } from "./layerFactory";
import type { ModelPlan, BidirectionalModel } from "./model";
import { couplings, decoder, discriminator, encoder } from "./buildingBlocks";

/** Hyperparameters of a RevGAN. */
export interface RevganPlan extends ModelPlan {
  readonly coupling: "additive" | "affine";
  readonly backprop: BackpropMode;
}

/** Options of the reversible core that are not in the configuration: a training or the memory theory chooses them. */
export interface CoreChoices extends Pick<CoreOptions, "storedBlocks"> {
  /**
   * Whether additive couplings round, so that states are reconstructed exactly; true by default. False where states are not reconstructed,
   * or to measure the cost of rounding.
   */
  readonly exact?: boolean;
}

/** PyTorch's names of the generators' module sequences, in the authors' networks for images and for volumes. */
export const sequenceNames = {
  images: {
    encoderA: "G_A_enc.model",
    decoderB: "G_A_dec.model",
    encoderB: "G_B_enc.model",
    decoderA: "G_B_dec.model",
    core: "G_core.model",
  },
  volumes: {
    encoderA: "G.downconv_ab",
    decoderB: "G.upconv_ab",
    encoderB: "G.downconv_ba",
    decoderA: "G.upconv_ba",
    core: "G.core",
  },
} as const;

/** The index of the core's block that a parameter or buffer of this PyTorch name belongs to; null for names outside the core. */
export function blockOf(name: string): number | null {
  const core = [sequenceNames.images.core, sequenceNames.volumes.core].find((each) => name.startsWith(`${each}.`));
  return core === undefined ? null : Number(name.slice(core.length + 1).split(".")[0]);
}

/**
 * Builds a RevGAN (section 3 of the paper): two generators that share one invertible core, F = Dec_B ∘ C ∘ Enc_A and
 * G = Dec_A ∘ C⁻¹ ∘ Enc_B, and their discriminators. Parameters have the names of the authors' code.
 */
export function buildRevgan(
  plan: RevganPlan,
  mode: "unpaired" | "paired",
  factory: LayerFactory,
  { exact = true, storedBlocks = 0 }: CoreChoices = {},
): BidirectionalModel {
  const name = plan.dimensions === 3 ? sequenceNames.volumes : sequenceNames.images;
  const encoderA = encoder(name.encoderA, plan.inputChannels, plan, factory);
  const core = couplings(name.core, plan.depth, plan.coupling, plan, factory);
  const decoderB = decoder(name.decoderB, plan.outputChannels, plan, factory);
  const encoderB = encoder(name.encoderB, plan.outputChannels, plan, factory);
  const decoderA = decoder(name.decoderA, plan.inputChannels, plan, factory);
  const options = { backprop: plan.backprop, storedBlocks, exact: exact && plan.coupling === "additive" };
  const coreRange = new RangePredictor(plan.depth);
  const along = (direction: "forward" | "inverse"): Layer =>
    factory.chain("core", null, () => [new ReversibleCore(core, direction, options, coreRange)]);

  const discriminatorSizes = { ...plan.discriminator, dimensions: plan.dimensions };
  const pair = plan.inputChannels + plan.outputChannels;
  const [nameB, nameA] = mode === "paired" ? (["D_AB", "D_BA"] as const) : (["D_A", "D_B"] as const);
  const discriminatorB = discriminator(
    nameB,
    mode === "paired" ? pair : plan.outputChannels,
    discriminatorSizes,
    factory,
  );
  const discriminatorA = discriminator(
    nameA,
    mode === "paired" ? pair : plan.inputChannels,
    discriminatorSizes,
    factory,
  );
  return {
    aToB: new Chain([encoderA, along("forward"), decoderB], null),
    bToA: new Chain([encoderB, along("inverse"), decoderA], null),
    discriminatorB: discriminatorB,
    discriminatorA: discriminatorA,
    coreRange,
    generatorParameters: parametersOf([encoderA, decoderB, encoderB, decoderA, ...core]),
    discriminatorParameters: [...discriminatorB.parameters, ...discriminatorA.parameters],
    statistics: factory.statistics,
    masks: factory.masks,
  };
}
