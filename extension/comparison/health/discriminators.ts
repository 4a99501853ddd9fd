import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection } from "../../protocol/lines";
import type { AdversarialMeans, HealthHint } from "./hint";
import { LatestLosses, latestStepCount, type RunRecord } from "./runRecord";

/** One of the two hints about discriminators. */
type DiscriminatorHint = Extract<HealthHint, AdversarialMeans>;

/**
 * Levels of the adversarial losses that show the state of a discriminator, by training mode. `guess`: the two losses of a discriminator
 * that gives every picture the probability one half. `won`: the discriminator's loss is at most, and the generator's at least this value;
 * the discriminator is then hardly ever wrong. In normal unpaired trainings the losses are 0.1 to 0.25 (discriminator) and 0.3 to 0.6
 * (generator).
 */
const lossLevels = {
  /** Least-squares loss: the mean of the terms for real and for translated pictures. */
  unpaired: { guess: { discriminator: 0.25, generator: 0.25 }, won: { discriminator: 0.04, generator: 0.8 } },
  /** Cross-entropy: the sum of the terms for true and for generated pairs. */
  paired: {
    guess: { discriminator: 2 * Math.LN2, generator: Math.LN2 },
    won: { discriminator: 0.1, generator: 4 },
  },
} as const;

/**
 * If a generator's weighted L1 loss is above this multiple of its adversarial loss, the L1 loss decides what the generator learns, so no
 * hint about the discriminator is given.
 */
const overwhelmingL1Ratio = 10;

/**
 * `tolerance`: how far a loss may be from its `guess` value, as a fraction of that value. `nearlyAll`: the fraction of steps in which both
 * losses must be within the tolerance for a hint; the losses of a working discriminator vary more.
 */
const [tolerance, nearlyAll] = [0.05, 0.9];

/** The hint for the first direction whose discriminator has won or only guesses; null if there is none. */
export function discriminatorHint(run: RunRecord): DiscriminatorHint | null {
  const count = latestStepCount(run);
  if (count === null) return null;
  const hints = directionsOf(run.config.network).map((direction) => hintIn(run, direction, count));
  return hints.find((hint) => hint !== null) ?? null;
}

function hintIn(
  { config: { mode }, steps }: RunRecord,
  direction: TranslationDirection,
  count: number,
): DiscriminatorHint | null {
  const [discriminator, generator, l1] = (["discriminator", "generator", "l1"] as const).map(
    (kind) => new LatestLosses(steps, kind, direction, count),
  ) as [LatestLosses, LatestLosses, LatestLosses];
  const half = Math.floor(count / 2);
  const { guess, won } = lossLevels[mode];
  const hasWon = (from: number, to: number): boolean =>
    discriminator.mean(from, to) <= won.discriminator && generator.mean(from, to) >= won.generator;
  const guesses = (i: number): boolean =>
    isLossNear(discriminator.at(i), guess.discriminator) && isLossNear(generator.at(i), guess.generator);
  const kind =
    hasWon(0, half) && hasWon(half, count)
      ? "discriminatorWon"
      : shareOf(count, guesses) >= nearlyAll
        ? "discriminatorGuesses"
        : null;
  if (kind === null || l1.mean() > overwhelmingL1Ratio * generator.mean()) return null;
  return { kind, direction, steps: count, discriminator: discriminator.mean(), generator: generator.mean() };
}

function isLossNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= tolerance * wanted;
}

function shareOf(count: number, holds: (i: number) => boolean): number {
  let held = 0;
  for (let i = 0; i < count; i++) if (holds(i)) held++;
  return held / count;
}
