import { expect, test } from "vitest";
import { StepColumns } from "../../../../extension/protocol/stepColumns";
import { theoryOf } from "../../../../extension/host/theoryForPanel";
import { MemoryTheory } from "../../../../extension/trainer/memoryTheory/memoryTheory";
import { costAt, costDurationText, measuredSpeed } from "../../../../webview/memory/depthCosts";
import { exampleConfig, exampleView, stepLines } from "../../../webview/support/runs";

function runWith(seconds: readonly number[]) {
  const steps = new StepColumns();
  const [line] = stepLines(1, 1);
  seconds.forEach((each, i) => steps.append({ ...line!, step: i + 1, seconds: each }));
  return { ...exampleView({ lastStep: 1000 }), steps, revision: 1 };
}

test("the speed is the median of the latest steps, which neither the first ones nor a pause change", () => {
  expect(measuredSpeed(runWith([9, 9, ...Array.from({ length: 49 }, () => 0.5), 30]))).toEqual({
    depth: 9,
    secondsPerStep: 0.5,
    steps: 1000,
  });
  expect(measuredSpeed(runWith([]))).toBeNull();
});

test("bytes are the theory's, and times grow as the operations do", async () => {
  const { points } = await theoryOf(exampleConfig, undefined, [2, 9, 16]);
  const theory = new MemoryTheory(exampleConfig);
  const { peak, largestActivations } = theory.at({ depth: 16, backprop: "recompute" });
  const operations = (depth: number): number => theory.workAt({ depth, backprop: "recompute" }).operations;
  const cost = costAt(points, "recompute", 16, { depth: 9, secondsPerStep: 0.5, steps: 1000 })!;
  expect(cost).toMatchObject({ depth: 16, peak, largestActivations });
  expect(cost.secondsPerStep).toBeCloseTo((0.5 * operations(16)) / operations(9), 6);
  expect(cost.seconds).toBeCloseTo(1000 * cost.secondsPerStep!, 6);
  expect(costAt(points, "recompute", 9, { depth: 9, secondsPerStep: 0.5, steps: null })).toMatchObject({
    secondsPerStep: 0.5,
    seconds: null,
  });
  expect(costAt(points, "recompute", 16, null)).toMatchObject({ peak, secondsPerStep: null, seconds: null });
  expect(costAt(points, "recompute", 3, null)).toBeNull();
});

test("within a memory budget the blocks that are stored are not computed again, and a depth that does not fit has no cost", async () => {
  const theory = new MemoryTheory(exampleConfig);
  const stored = (depth: number, storedBlocks: number) => ({ depth, backprop: "recompute", storedBlocks }) as const;
  const memoryBudget = theory.at(stored(9, 6)).peak;
  const network = { ...exampleConfig.network, memoryBudget };
  const { points } = await theoryOf({ ...exampleConfig, network }, undefined, [9, 10, 100]);
  const cost = costAt(points, "budget", 10, { depth: 9, secondsPerStep: 0.5, steps: 1000 })!;
  expect(cost.peak).toBeLessThanOrEqual(memoryBudget);
  const fitting = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].findLast(
    (each) => theory.at(stored(10, each)).peak <= memoryBudget,
  )!;
  const operations = [stored(10, fitting), stored(9, 6)].map((each) => theory.workAt(each).operations);
  expect(cost.secondsPerStep).toBeCloseTo((0.5 * operations[0]!) / operations[1]!, 9);
  expect(costAt(points, "budget", 100, null)).toBeNull();
});

test.each([
  [0.01234, "0.0123 s"],
  [12.34, "12.3 s"],
  [99.96, "2 min"],
  [3540, "59 min"],
  [3599, "1 h"],
  [12_000, "3 h 20 min"],
  [90_000, "1 d 1 h"],
  [172_800, "2 d"],
])("%d seconds are %s", (seconds, text) => expect(costDurationText(seconds)).toBe(text));
