import { describe, expect, it } from "vitest";
import { isPlanned, planValidations, type ValidationCosts } from "../../../extension/trainer/training/validationPlan";

const costs: ValidationCosts = {
  step: 40,
  last: 10_000,
  secondsPerStep: 0.25,
  together: 1,
  secondsPerRound: 0.05,
  fixedSeconds: 0,
  spentSeconds: 0.05,
  pictures: 1000,
};

/** The steps that are validated after, and what that takes in all. */
function outcome(given: ValidationCosts): { steps: number[]; seconds: number } {
  const plan = planValidations(given)!;
  const steps = Array.from({ length: given.last - given.step + 1 }, (_, i) => given.step + i).filter((step) =>
    isPlanned(step, given.last, plan),
  );
  const each = Math.ceil(plan.images / given.together) * given.secondsPerRound + given.fixedSeconds;
  return { steps, seconds: steps.length * each + given.spentSeconds };
}

describe("automatic validations", () => {
  it("are soon, then about every minute, and after the last step", () => {
    expect(planValidations(costs)).toEqual({ images: 30, every: 300, first: 40 });
    const { steps } = outcome(costs);
    expect([...steps.slice(0, 3), steps.at(-1)]).toEqual([40, 300, 600, 10_000]);
  });

  it.each<[string, Partial<ValidationCosts>]>([
    ["a usual training", {}],
    ["a short one", { last: 1000 }],
    ["one with heavy steps and pictures", { secondsPerStep: 12, secondsPerRound: 20, last: 4000 }],
    ["one of sets of pictures", { fixedSeconds: 0.8 }],
    ["one of few pictures", { pictures: 2 }],
    ["very small steps", { secondsPerStep: 0.001, secondsPerRound: 0.002, spentSeconds: 0.002, last: 1_000_000 }],
    ["one on many ranks", { together: 4, secondsPerRound: 0.4 }],
    ["a resumed one", { step: 9000, last: 12_000 }],
  ])("take at most 2.5% of the time of %s", (_, different) => {
    const given = { ...costs, ...different };
    const { steps, seconds } = outcome(given);
    expect(seconds).toBeLessThanOrEqual(0.025 * (given.last - given.step) * given.secondsPerStep);
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.at(-1)).toBe(given.last);
  });

  it("are on fewer pictures the more these take, on at least two, or all", () => {
    const images = (different: Partial<ValidationCosts>): number => planValidations({ ...costs, ...different })!.images;
    expect(images({ secondsPerRound: 0.001 })).toBe(32);
    expect(images({ secondsPerRound: 0.1 })).toBe(15);
    expect(images({ secondsPerRound: 1 })).toBe(2);
    expect(images({ pictures: 3 })).toBe(3);
    // Ranks translate one each in the same time.
    expect(images({ together: 3, secondsPerRound: 0.25 })).toBe(18);
    expect(images({ together: 8, secondsPerRound: 1 })).toBe(8);
    expect(images({ together: 64, secondsPerRound: 1 })).toBe(32);
    // Sets that take two seconds to compare are worth two seconds of pictures.
    expect(images({ secondsPerRound: 0.25, fixedSeconds: 2 })).toBe(8);
  });

  it("make a curve of a training of minutes, too", () => {
    const minutes = {
      ...costs,
      step: 80,
      last: 1600,
      secondsPerStep: 0.066,
      secondsPerRound: 0.085,
      spentSeconds: 0.3,
    };
    expect(planValidations({ ...minutes, pictures: 8 })).toEqual({ images: 2, every: 200, first: 200 });
  });

  it("wait for the next regular step where it is near, and have a rest of at least ten steps", () => {
    expect(planValidations({ ...costs, step: 560, last: 12_000 })!.first).toBe(600);
    expect(planValidations({ ...costs, secondsPerRound: 1e-6, last: 100 })!.every).toBe(10);
  });

  it("are none where the training is too short to afford three", () => {
    expect(planValidations({ ...costs, last: 80 })).toBeNull();
    expect(planValidations({ ...costs, spentSeconds: 1000 })).toBeNull();
  });
});
