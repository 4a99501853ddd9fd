import type { TranslationDirection } from "../../protocol/lines";
import type { ValidatedMetric } from "../bestValidation";

/** The adversarial losses of a direction: means over the latest `steps` steps. */
export interface AdversarialMeans {
  readonly direction: TranslationDirection;
  readonly steps: number;
  readonly discriminator: number;
  readonly generator: number;
}

/**
 * Translations of different pictures are nearly equal, though real pictures differ. `spread` is how much the translations differ,
 * `realSpread` how much real pictures of their domain do, both on the scale 0 to 255.
 */
export interface ConstantOutput {
  readonly kind: "constantOutput";
  readonly direction: TranslationDirection;
  /** The first step at which it held. */
  readonly since: number;
  readonly spread: number;
  readonly realSpread: number;
}

/**
 * Translating there and back restores the input nearly perfectly, though the translations are no better than without a network: the network
 * copies the input, or hides it in the translation.
 */
export interface Untranslated {
  readonly kind: "untranslated";
  readonly direction: TranslationDirection;
  /** The first step at which it held. */
  readonly since: number;
  /** Mean absolute error of the way back over the latest steps, of 255. */
  readonly cycle: number;
  readonly metric: ValidatedMetric;
  readonly value: number;
  /** The value of `metric` without a network: of the best constant colour for `mae`, of the untranslated input for `slicedWasserstein`. */
  readonly plain: number;
}

/** Validations have become worse since the best ones. Both values are medians of three. */
export interface ValidationRises {
  readonly kind: "validationRises";
  /** The step of the middle one of the three validations whose median is `best`. */
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
