import type { TranslationDirection } from "./lines";

/** Kinds of losses, in the order of their charts: the losses of one kind share a chart. */
export const lossKinds = ["generator", "discriminator", "cycle", "l1", "identity"] as const;
export type LossKind = (typeof lossKinds)[number];

/** Properties of a loss. */
export interface LossInfo {
  readonly kind: LossKind;
  /**
   * Direction of the generator that this loss trains or, for a discriminator's loss, of the generator whose images the discriminator
   * judges.
   */
  readonly direction: TranslationDirection;
  /** Only for a discriminator with two losses: whether this loss is computed on true or on generated pairs. */
  readonly pairs?: "true" | "fake";
}

/**
 * Every loss of the objectives, under its name in the authors' code. Losses of one kind are in the order in which their chart shows them.
 */
export const losses = {
  // Unpaired. In the authors' names D_A discriminates images of B, which G_A generates; idt_A is the identity loss of G_A on images of B.
  G_A: { kind: "generator", direction: "AtoB" },
  G_B: { kind: "generator", direction: "BtoA" },
  D_A: { kind: "discriminator", direction: "AtoB" },
  D_B: { kind: "discriminator", direction: "BtoA" },
  cycle_A: { kind: "cycle", direction: "AtoB" },
  cycle_B: { kind: "cycle", direction: "BtoA" },
  idt_A: { kind: "identity", direction: "AtoB" },
  idt_B: { kind: "identity", direction: "BtoA" },
  // Paired.
  G_AB: { kind: "generator", direction: "AtoB" },
  G_BA: { kind: "generator", direction: "BtoA" },
  D_AB: { kind: "discriminator", direction: "AtoB" },
  D_BA: { kind: "discriminator", direction: "BtoA" },
  G_L1_B: { kind: "l1", direction: "AtoB" },
  G_L1_A: { kind: "l1", direction: "BtoA" },
  // pix2pix.
  G_GAN: { kind: "generator", direction: "AtoB" },
  D_real: { kind: "discriminator", direction: "AtoB", pairs: "true" },
  D_fake: { kind: "discriminator", direction: "AtoB", pairs: "fake" },
  G_L1: { kind: "l1", direction: "AtoB" },
} as const satisfies Readonly<Record<string, LossInfo>>;

export type LossName = keyof typeof losses;

/** The properties of a loss by name; undefined for a loss of another program or version. */
export function lossInfo(name: string): LossInfo | undefined {
  return Object.hasOwn(losses, name) ? losses[name as LossName] : undefined;
}
