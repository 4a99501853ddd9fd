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
 * Translations of different pictures are nearly equal, although real pictures differ (mode collapse). `spread` measures how much the
 * translations differ, `realSpread` how much real pictures of their domain do, both on the scale 0 to 255.
 */
export interface ConstantOutput {
  readonly kind: "constantOutput";
  readonly direction: TranslationDirection;
  /** The step of the first validation since which the condition has held. */
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
  /** The step of the first validation since which the condition has held. */
  readonly since: number;
  /** Mean absolute error between the cycled picture and the input over the latest steps, on the scale 0 to 255. */
  readonly cycle: number;
  readonly metric: ValidatedMetric;
  readonly value: number;
  /**
   * The value of `metric` without a network: that of the best constant colour for `mae`, that of the untranslated input for
   * `slicedWasserstein`.
   */
  readonly plain: number;
}

/** Validations have become worse since the best ones. `best` and `latest` are medians of three validations each. */
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
  /** The discriminator nearly always distinguishes translations from real pictures, and the generator cannot deceive it. */
  | ({ readonly kind: "discriminatorWon" } & AdversarialMeans)
  /** The discriminator does not distinguish translations from real pictures: in nearly every step both losses are those of guessing. */
  | ({ readonly kind: "discriminatorGuesses" } & AdversarialMeans)
  | ValidationRises;
