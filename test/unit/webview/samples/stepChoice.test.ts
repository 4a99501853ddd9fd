import { expect, test } from "vitest";
import { StepChoice } from "../../../../webview/samples/stepChoice";

function choiceOf(...steps: number[]): StepChoice {
  const choice = new StepChoice();
  choice.setSteps(steps);
  return choice;
}

test("follows the latest until another is chosen, and then stays", () => {
  const choice = choiceOf(10, 20, 30);
  choice.setSteps([10, 20, 30, 40]);
  expect([choice.step, choice.following]).toEqual([40, true]);
  choice.choose(1);
  choice.setSteps([10, 20, 30, 40, 50]);
  expect([choice.step, choice.index, choice.following]).toEqual([20, 1, false]);
});

test("follows again from the last place on", () => {
  const choice = choiceOf(10, 20);
  choice.choose(0);
  choice.choose(1);
  choice.setSteps([10, 20, 30]);
  expect(choice.step).toBe(30);
});

test("goes to the step before one that is gone", () => {
  const choice = choiceOf(10, 20, 30);
  choice.choose(1);
  choice.setSteps([10, 15, 25, 30]);
  expect([choice.step, choice.index]).toEqual([15, 1]);
  choice.setSteps([100, 200]);
  expect(choice.step).toBe(200);
});

test("has no step while there are no samples", () => {
  const choice = choiceOf();
  choice.choose(0);
  expect([choice.step, choice.index, choice.count, choice.neighbours]).toEqual([null, -1, 0, []]);
});

test("knows the steps beside", () => {
  const choice = choiceOf(10, 20, 30);
  expect(choice.neighbours).toEqual([20]);
  choice.choose(1);
  expect(choice.neighbours).toEqual([10, 30]);
});
