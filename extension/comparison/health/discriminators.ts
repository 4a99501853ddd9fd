import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection } from "../../protocol/lines";
import type { AdversarialMeans, HealthHint } from "./hint";
import { LatestLosses, latestStepCount, type RunRecord } from "./runRecord";

/** One of the two hints about discriminators. */
type DiscriminatorHint = Extract<HealthHint, AdversarialMeans>;

/**
 * Adversarial losses that tell the state of a discriminator, by mode. `guess`: both losses where the discriminator gives every picture the
 * probability one half. `won`: at most this discriminator loss and at least this generator loss, so that the discriminator is hardly ever
 * wrong and the generator hardly ever deceives it. Usual in unpaired trainings: 0.1 to 0.25 for the discriminator, 0.3 to 0.6 for the
 * generator.
 */
const lossLevels = {
  /** Least squares, half of them for real and half for translated pictures. */
  unpaired: { guess: { discriminator: 0.25, generator: 0.25 }, won: { discriminator: 0.04, generator: 0.8 } },
  /** Cross-entropy, the sum over true pairs and fakes. */
  paired: {
    guess: { discriminator: 2 * Math.LN2, generator: Math.LN2 },
    won: { discriminator: 0.1, generator: 4 },
  },
} as const;

/**
 * Where a generator's weighted L1 loss is above this multiple of its adversarial loss, L1 decides what it learns: no hint about the
 * discriminator is given.
 */
const overwhelmingL1Ratio = 10;

/**
 * `tolerance`: how far a loss may be from its `guess` value, as a share of that value. `nearlyAll`: the share of steps in which both losses
 * must be that near for a hint. The losses of a discriminator that works vary more.
 */
const [tolerance, nearlyAll] = [0.05, 0.9];

/** The first direction whose discriminator has won, or only guesses; null for none. */
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
    isWithinTolerance(discriminator.at(i), guess.discriminator) && isWithinTolerance(generator.at(i), guess.generator);
  const kind =
    hasWon(0, half) && hasWon(half, count)
      ? "discriminatorWon"
      : shareOf(count, guesses) >= nearlyAll
        ? "discriminatorGuesses"
        : null;
  if (kind === null || l1.mean() > overwhelmingL1Ratio * generator.mean()) return null;
  return { kind, direction, steps: count, discriminator: discriminator.mean(), generator: generator.mean() };
}

function isWithinTolerance(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= tolerance * wanted;
}

function shareOf(count: number, holds: (i: number) => boolean): number {
  let held = 0;
  for (let i = 0; i < count; i++) if (holds(i)) held++;
  return held / count;
}
