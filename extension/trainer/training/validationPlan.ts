import type { Run } from "../../runFolder/runFile";

/** Which pictures are validated on, and after which steps. Kept in the run, so that a resumed one goes on alike. */
export type ValidationPlan = NonNullable<Run["validation"]>;

/** What a plan is made from. */
export interface ValidationCosts {
  /** The step that was just done, and the last one of the training. */
  readonly step: number;
  readonly last: number;
  readonly secondsPerStep: number;
  /** How many pictures of a direction are translated at a time: one by each rank. */
  readonly together: number;
  /** Of a validation, for each such round of pictures, in every direction. */
  readonly secondsPerRound: number;
  /** Of a validation, whatever the number of pictures. */
  readonly fixedSeconds: number;
  /** What measuring these took. */
  readonly spentSeconds: number;
  /** How many pictures of a direction there are. */
  readonly pictures: number;
}

/**
 * The share of the training's time that validations are planned to take. It may become 3%: a validation may turn out a fifth slower than
 * measured.
 */
const timeShare = 0.025;

/** A validation on fewer pictures says too little, one on more takes longer than it gains. */
const [fewest, most] = [2, 32];

/** Seconds that there should be between two validations: the number of pictures is chosen for it, from `fewest` to `most`. */
const wantedInterval = 60;

/** Validations of a training, as far as the number of pictures can be chosen for it. */
const wantedCount = 10;

/** If the next regular validation is due within so many seconds, it is the first one; else the first one runs at once. */
const firstWait = 15;

/** Steps and seconds of training after which a plan is made; the first step, which also prepares the engine, is not counted. */
export const timedSteps = { least: 3, seconds: 5 };

/**
 * Plans validations after the current step, which people see soon, at regular steps from then on, and after the last one, so that all
 * of them together take at most 2.5% of the remaining time.
 *
 * @returns null where the training is too short for three of them on two pictures (or on all, if there are fewer)
 */
export function planValidations(costs: ValidationCosts): Omit<ValidationPlan, "split"> | null {
  const { step, last, secondsPerStep, together, secondsPerRound, fixedSeconds, spentSeconds, pictures } = costs;
  const cost = (images: number): number => Math.ceil(images / together) * secondsPerRound + fixedSeconds;
  const budget = timeShare * (last - step) * secondsPerStep - spentSeconds;
  const wanted = Math.min(budget / wantedCount, timeShare * wantedInterval);
  // Where comparing sets takes long anyway, at least as many pictures as take as long again. A round takes as long with fewer pictures.
  const affordable = Math.floor(Math.max(wanted - fixedSeconds, fixedSeconds) / secondsPerRound);
  const images = Math.min(pictures, most, Math.max(fewest, Math.max(1, affordable) * together));
  // The first and the last, and as many between them as the rest of the budget allows.
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

/** The next whole number of 1, 1.5, 2, 3, 4, 5, 6, 8 and ten, a hundred and so on times these: people remember such steps. */
export function roundedUp(steps: number): number {
  for (let power = 1; ; power *= 10)
    for (const factor of [1, 1.5, 2, 3, 4, 5, 6, 8]) {
      const round = factor * power;
      if (round >= steps && Number.isInteger(round)) return round;
    }
}
