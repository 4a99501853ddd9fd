import type { TranslationDirection } from "./lines";

/** What a loss measures, in the order of the charts: those of one kind share a chart. */
export const lossKinds = ["generator", "discriminator", "cycle", "l1", "identity"] as const;
export type LossKind = (typeof lossKinds)[number];

/** What is known of a loss. */
export interface LossInfo {
  readonly kind: LossKind;
  /** Of the generator that it trains, or whose pictures it judges. */
  readonly direction: TranslationDirection;
  /** Of a discriminator with two losses: which pairs this one is of. */
  readonly pairs?: "true" | "fake";
}

/** Every loss of the objectives, under the name that the authors' code gives it. Those of one kind come in the order of its chart. */
export const losses = {
  // Unpaired. In the authors' names D_A judges pictures of B: it belongs to G_A, which makes them; idt_A is G_A's, on pictures of B.
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

/** What is known of a loss by this name; undefined for one of another program or version. */
export function lossInfo(name: string): LossInfo | undefined {
  return Object.hasOwn(losses, name) ? losses[name as LossName] : undefined;
}
