import type { TranslationDirection } from "../../protocol/lines";
import type { ValidatedMetric } from "../bestValidation";

/** The adversarial losses of a direction: means over the latest `steps` steps. */
export interface AdversarialMeans {
  readonly direction: TranslationDirection;
  readonly steps: number;
  readonly discriminator: number;
  readonly generator: number;
}

/** Translations of different pictures are alike, as real pictures are not. Both spreads are of 255. */
export interface ConstantOutput {
  readonly kind: "constantOutput";
  readonly direction: TranslationDirection;
  /** The first step at which it held. */
  readonly since: number;
  readonly spread: number;
  readonly realSpread: number;
}

/** The way back is nearly perfect, from translations that are no better than none: they copy the input, or hide it. */
export interface Untranslated {
  readonly kind: "untranslated";
  readonly direction: TranslationDirection;
  /** The first step at which it held. */
  readonly since: number;
  /** Mean absolute error of the way back over the latest steps, of 255. */
  readonly cycle: number;
  readonly metric: ValidatedMetric;
  readonly value: number;
  /** What one gets without a network. */
  readonly plain: number;
}

/** Validations have become worse since the best ones. Both values are medians of three. */
export interface ValidationRises {
  readonly kind: "validationRises";
  /** The step of the best ones. */
  readonly since: number;
  readonly metric: ValidatedMetric;
  readonly best: number;
  readonly latest: number;
}

/** A sign that a training does not go well, with the figures that say so. */
export type HealthHint =
  | ConstantOutput
  | Untranslated
  /** The discriminator always tells translations apart, and the generator finds no way to deceive it. */
  | ({ readonly kind: "discriminatorWon" } & AdversarialMeans)
  /** The discriminator tells nothing apart: both losses are those of guessing, in nearly every step. */
  | ({ readonly kind: "discriminatorGuesses" } & AdversarialMeans)
  | ValidationRises;
