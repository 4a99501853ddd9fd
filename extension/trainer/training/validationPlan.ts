import type { Run } from "../../runFolder/runFile";

/**
 * How many pictures automatic validations use, and after which steps they run. Saved in `run.json`, so that a resumed run continues the
 * plan.
 */
export type ValidationPlan = NonNullable<Run["validation"]>;

/** The measurements that a validation plan is made from. */
export interface ValidationCosts {
  /** The step that was just done, and the last step of the training. */
  readonly step: number;
  readonly last: number;
  readonly secondsPerStep: number;
  /** How many pictures of a direction are translated at the same time: the number of ranks. */
  readonly together: number;
  /** The seconds of a validation for each round of `together` pictures, for all directions together. */
  readonly secondsPerRound: number;
  /** The seconds of a validation that do not depend on the number of pictures. */
  readonly fixedSeconds: number;
  /** The seconds that measuring these costs took. */
  readonly spentSeconds: number;
  /** The number of pictures of the direction that has the most. */
  readonly pictures: number;
}

/**
 * The share of the training's time that validations are planned to take. If a validation turns out a fifth slower than measured, the share
 * becomes 3%.
 */
const timeShare = 0.025;

/** The fewest pictures for a validation to be informative, and the most that are worth their time. */
const [fewest, most] = [2, 32];

/** The wanted time between two validations, in seconds. The number of pictures, from `fewest` to `most`, is chosen accordingly. */
const wantedInterval = 60;

/** The wanted number of validations in a training, as far as fewer pictures for each make it possible. */
const wantedCount = 10;

/** If the next regular validation is due within this many seconds, it is the first; else the first validation runs at once. */
const firstWait = 15;

/** Steps and seconds of training after which a plan is made; the first step, which also prepares the engine, is not counted. */
export const timedSteps = { least: 3, seconds: 5 };

/**
 * Plans a first validation now or soon, whose result people then see early; more at regular steps; and one after the last step. Together
 * they take at most 2.5% of the remaining time.
 *
 * @returns null if the remaining training is too short for three validations on two pictures each (or on all pictures, if there are fewer)
 */
export function planValidations(costs: ValidationCosts): Omit<ValidationPlan, "split"> | null {
  const { step, last, secondsPerStep, together, secondsPerRound, fixedSeconds, spentSeconds, pictures } = costs;
  const cost = (images: number): number => Math.ceil(images / together) * secondsPerRound + fixedSeconds;
  const budget = timeShare * (last - step) * secondsPerStep - spentSeconds;
  const wanted = Math.min(budget / wantedCount, timeShare * wantedInterval);
  // Translating may take at least as long as the fixed part (comparing sets of pictures), even if both exceed the wanted time. A round
  // takes the same time with fewer pictures than ranks, so whole rounds are planned.
  const affordable = Math.floor(Math.max(wanted - fixedSeconds, fixedSeconds) / secondsPerRound);
  const images = Math.min(pictures, most, Math.max(fewest, Math.max(1, affordable) * together));
  // The first and the last validation are certain; the rest of the budget decides how many run between them.
  const between = Math.floor(budget / cost(images)) - 2;
  if (between < 1) return null;
  const every = roundedUp(Math.max(10, (last - step) / between));
  const next = (Math.floor(step / every) + 1) * every;
  return { images, every, first: (next - step) * secondsPerStep <= firstWait ? next : step };
}

/** Whether a validation is planned after a step. */
export function isPlanned(
  step: number,
  last: number,
  { first, every }: Pick<ValidationPlan, "first" | "every">,
): boolean {
  return step === first || (step > first && step % every === 0) || step === last;
}

/** Rounds up to a whole number of the form 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten: people remember such steps. */
export function roundedUp(steps: number): number {
  for (let power = 1; ; power *= 10)
    for (const factor of [1, 1.5, 2, 3, 4, 5, 6, 8]) {
      const round = factor * power;
      if (round >= steps && Number.isInteger(round)) return round;
    }
}
