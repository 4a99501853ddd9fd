import { directionsOf } from "../../configuration/networkKind";
import type { TranslationDirection } from "../../protocol/lines";
import type { AdversarialMeans, HealthHint } from "./hint";
import { LatestLosses, latestCount, type RunRecord } from "./runRecord";

/** One of the two hints about discriminators. */
type DiscriminatorHint = Extract<HealthHint, AdversarialMeans>;

/**
 * Adversarial losses that mean something, in the two modes. `guess`: of a discriminator that gives every picture one half. `won`: the
 * most of a discriminator that is hardly ever wrong, and the least of a generator that hardly ever deceives it; usual are 0.1 to 0.25 and
 * 0.3 to 0.6 in unpaired trainings.
 */
const scales = {
  /** Least squares, half of them for real and half for translated pictures. */
  unpaired: { guess: { discriminator: 0.25, generator: 0.25 }, won: { discriminator: 0.04, generator: 0.8 } },
  /** Cross-entropy, the sum over true pairs and fakes. */
  paired: {
    guess: { discriminator: 2 * Math.LN2, generator: Math.LN2 },
    won: { discriminator: 0.1, generator: 4 },
  },
} as const;

/** A generator's weighted L1 loss above this multiple of its adversarial one: the discriminator has no say in any case. */
const overwhelming = 10;

/** Distance from the losses of guessing, as a share of them, and the share of steps within it: losses of a discriminator at work vary. */
const [tolerance, nearlyAll] = [0.05, 0.9];

/** The first direction whose discriminator has won, or only guesses; null for none. */
export function discriminatorHint(run: RunRecord): DiscriminatorHint | null {
  const count = latestCount(run);
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
  const { guess, won } = scales[mode];
  const hasWon = (from: number, to: number): boolean =>
    discriminator.mean(from, to) <= won.discriminator && generator.mean(from, to) >= won.generator;
  const guesses = (i: number): boolean =>
    isNear(discriminator.at(i), guess.discriminator) && isNear(generator.at(i), guess.generator);
  const kind =
    hasWon(0, half) && hasWon(half, count)
      ? "discriminatorWon"
      : shareOf(count, guesses) >= nearlyAll
        ? "discriminatorGuesses"
        : null;
  if (kind === null || l1.mean() > overwhelming * generator.mean()) return null;
  return { kind, direction, steps: count, discriminator: discriminator.mean(), generator: generator.mean() };
}

function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= tolerance * wanted;
}

function shareOf(count: number, holds: (i: number) => boolean): number {
  let held = 0;
  for (let i = 0; i < count; i++) if (holds(i)) held++;
  return held / count;
}
