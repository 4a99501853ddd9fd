import { beforeAll, describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../extension/configuration/config";
import { requiredCase } from "../../../extension/trainer/memoryTheory/memoryBudget";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { type DataSizes, ladder } from "../../../extension/trainer/planning/ladder";
import {
  asWritten,
  type PlanningLimits,
  type PlanningTools,
  type Proposal,
  proposals,
} from "../../../extension/trainer/planning/proposals";
import type { StepCost } from "../../../extension/trainer/planning/stepCost";

const counts = { a: 200, b: 150 };

/** The theory's bytes, and seconds of a machine that computes everything at one rate. */
function meansOf(operationsASecond: number): PlanningTools {
  const known = new Map<string, StepCost>();
  const costOf = (config: Config): StepCost => {
    const key = JSON.stringify([config.network, config.data.cropSize, config.training.batchSize]);
    const theory = new MemoryTheory(config, "native");
    const step = requiredCase(theory, config.network);
    const cost = known.get(key) ?? {
      peakBytes: theory.at(step).peak,
      storedBlocks: step.storedBlocks,
      operations: theory.workAt(step).operations,
      seconds: theory.workAt(step).operations / operationsASecond,
    };
    known.set(key, cost);
    return cost;
  };
  const bytesOf = (config: Config): number => costOf(config).peakBytes;
  return { costOf, bytesOf, budgetWithin: (_, memory) => memory, startSeconds: 2, counts };
}

const means = meansOf(40e9);
const unpaired = parseConfig({ data: { path: "pictures" } }, "the test's configuration");
const square = (side: number): DataSizes => ({ smallest: [side, side], largest: [side, side] });

function plan(sizes: DataSizes, limits: Partial<PlanningLimits>, base = unpaired): Proposal[] {
  return proposals(ladder(base, sizes), { memory: 8e9, memoryIsWanted: false, seconds: null, ...limits }, means);
}

function named(found: readonly Proposal[], name: Proposal["name"]): Proposal {
  return found.find((each) => each.name === name)!;
}

describe("the ladder", () => {
  it.each([
    ["unpaired pictures", unpaired, square(1024)],
    ["pairs of small pictures", parseConfig({ mode: "paired" }, "the test's configuration"), square(64)],
    [
      "volumes",
      parseConfig({ network: { dimensions: 3, inputChannels: 1, outputChannels: 1 } }, "the test's configuration"),
      { smallest: [20, 64, 64], largest: [24, 70, 64] },
    ],
  ])("has configurations that the trainer takes, of growing peak: %s", (_, base, sizes) => {
    const rungs = ladder(base, sizes).filter(({ network }) => network.width <= 64);
    expect(rungs.length).toBeGreaterThan(20);
    for (const rung of rungs) parseConfig(JSON.parse(JSON.stringify(rung)), "a rung");
    const peaks = rungs.filter((_rung, i) => i % 4 === 0).map((rung) => means.bytesOf(rung));
    expect(peaks).toEqual([...peaks].sort((a, b) => a - b));
  });

  it("keeps the network of a configuration that starts with weights", () => {
    const network = { kind: "cyclegan", depth: 5, width: 24, discriminator: { width: 10 } };
    const base = parseConfig({ network, training: { init: "weights" } }, "the test's configuration");
    const rungs = ladder(base, square(512));
    for (const { network: kept, training } of rungs) {
      expect(kept).toEqual(base.network);
      expect(training.batchSize).toBe(1);
    }
    expect(new Set(rungs.map(({ data }) => data.cropSize)).size).toBeGreaterThan(5);
  });

  it("does not enlarge pictures to a crop beyond the smallest, unless a network needs it", () => {
    const crops = (side: number): number =>
      Math.max(...ladder(unpaired, square(side)).map(({ data }) => data.cropSize as number));
    expect(crops(130)).toBe(128);
    expect(crops(10)).toBe(24);
  });
});

describe("proposals", () => {
  describe.each([128, 1024])("for pictures of %i²", (side) => {
    const found: Proposal[][] = [];
    beforeAll(() => {
      for (const memory of [120e6, 240e6]) found.push(plan(square(side), { memory, memoryIsWanted: true }));
    });

    it("fit into the memory that is named, of which the best uses at least 60%", () => {
      for (const [i, memory] of [120e6, 240e6].entries()) {
        expect(found[i]!.map(({ name }) => name)).toEqual(["quick", "balanced", "best"]);
        for (const { step } of found[i]!) expect(step.peakBytes).toBeLessThanOrEqual(memory);
        expect(named(found[i]!, "best").step.peakBytes).toBeGreaterThan(0.6 * memory);
      }
    });

    it("are more with more memory", () => {
      const [less, more] = found.map((each) => named(each, "best")) as [Proposal, Proposal];
      expect(more.step.peakBytes).toBeGreaterThan(less.step.peakBytes);
      expect(more.config.network.width).toBeGreaterThanOrEqual(less.config.network.width);
      expect(more.config.network.depth).toBeGreaterThanOrEqual(less.config.network.depth);
      expect(more.config.data.cropSize).toBeGreaterThanOrEqual(less.config.data.cropSize as number);
    });
  });

  it("take five minutes, an hour and a night at most, and most of it, and grow", () => {
    const found = plan(square(256), {});
    const usual = [300, 3600, 8 * 3600];
    found.forEach(({ seconds }, i) => {
      expect(seconds).toBeLessThanOrEqual(usual[i]!);
      expect(seconds).toBeGreaterThan(0.7 * usual[i]!);
    });
    const operations = found.map(({ step }) => step.operations);
    expect(operations).toEqual([...operations].sort((a, b) => a - b));
    expect(named(found, "quick").steps).toBeGreaterThan(600);
  });

  it("stay within a time that is named, also with memory", () => {
    for (const limits of [{ seconds: 600 }, { seconds: 600, memory: 120e6, memoryIsWanted: true }])
      for (const { seconds } of plan(square(256), limits)) expect(seconds).toBeLessThanOrEqual(600);
  });

  it("decay the learning rate over the second half of their steps", () => {
    const { steps, config } = named(plan(square(128), {}), "balanced");
    const { epochs, decayEpochs, maxSteps } = config.training;
    expect(maxSteps).toBe(steps);
    expect((epochs + decayEpochs) * counts.a).toBeGreaterThanOrEqual(steps);
    expect((epochs + decayEpochs - 1) * counts.a).toBeLessThan(steps);
    expect(epochs - decayEpochs).toBeLessThanOrEqual(1);
  });

  it("store where that costs no memory", () => {
    const quick = named(plan(square(64), {}), "quick").config;
    expect(quick.network.backprop).toBe("store");
    const recomputing = means.costOf({ ...quick, network: { ...quick.network, backprop: "recompute" } });
    expect(means.costOf(quick).peakBytes).toBeLessThanOrEqual(recomputing.peakBytes);
    expect(named(plan(square(1024), {}), "best").config.network).toMatchObject({
      backprop: "recompute",
      memoryBudget: null,
    });
  });

  it("store as many blocks as fit into the memory that is named, all where all fit", () => {
    const wanted = unpaired.network;
    const config = parseConfig(
      { network: { ...wanted, depth: 6, width: 16, discriminator: { width: 4 } }, data: { cropSize: 128 } },
      "the test's configuration",
    );
    const theory = new MemoryTheory(config, "native");
    const peaks = [0, 1, 2, 3, 4, 5, 6].map(
      (storedBlocks) => theory.at({ depth: 6, backprop: "recompute", storedBlocks }).peak,
    );
    const bestOf = (memory: number, memoryIsWanted = true): Proposal =>
      named(proposals([config], { memory, memoryIsWanted, seconds: null }, means), "best");
    for (const [storedBlocks, memory] of [
      [1, peaks[1]!],
      [4, peaks[5]! - 1],
    ] as const) {
      const { config: found, step } = bestOf(memory);
      expect(found.network).toMatchObject({ backprop: "recompute", memoryBudget: memory });
      expect(step).toMatchObject({ storedBlocks, peakBytes: peaks[storedBlocks] });
    }
    expect(bestOf(peaks[1]! - 1).config.network).toMatchObject({ backprop: "recompute", memoryBudget: null });
    expect(bestOf(peaks[6]!).config.network).toMatchObject({ backprop: "store", memoryBudget: null });
    expect(bestOf(peaks[4]!, false).config.network).toMatchObject({ backprop: "recompute", memoryBudget: null });
    expect(bestOf(peaks[4]!).step.seconds).toBeLessThan(bestOf(peaks[0]!).step.seconds);
  });

  it("are none where not even the smallest fits", () => {
    expect(plan(square(256), { memory: 1e6 })).toEqual([]);
  });
});

it("a configuration as it is takes its own steps", () => {
  const config = parseConfig({ training: { epochs: 2, decayEpochs: 1, sampleEvery: 0 } }, "the test's configuration");
  const { steps, seconds, step } = asWritten(config, means);
  expect(steps).toBe(3 * counts.a);
  expect(seconds).toBeCloseTo(2 + steps * step.seconds, 6);
});
