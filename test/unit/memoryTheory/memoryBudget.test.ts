import { beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../../extension/configuration/config";
import { backpropsOf } from "../../../extension/configuration/networkKind";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { measureStep } from "../../../extension/trainer/memoryMeasurement/measureStep";
import {
  configuredCase,
  requiredCase,
  storedBlocksOf,
  storedBlocksWithin,
} from "../../../extension/trainer/memoryTheory/memoryBudget";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { costsByDepth } from "../../../extension/trainer/memoryTheory/networkCosts";
import { expectNoLeaks, kernelsOf } from "../../support/engines";
import { configOf, type Written } from "../../support/smallNetworks";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const depth = 5;
/** Discriminators so small that the core decides the peak. */
const network = { depth, width: 8, discriminator: { width: 2, layers: 2 } };
const solid = { dimensions: 3, width: 4, inputChannels: 1, outputChannels: 1 };
const networks: [string, Written][] = [
  ["unpaired", { network }],
  ["paired", { mode: "paired", network }],
  ["unpaired, affine", { network: { ...network, coupling: "affine" } }],
  ["paired, affine volumes", { mode: "paired", network: { ...network, ...solid, coupling: "affine" }, cropSize: 16 }],
  ["volumes", { network: { ...network, ...solid }, cropSize: 16 }],
];

/** Up to some stored blocks the peak lies in the discriminators. */
const hidden: [string, Written] = [
  "a core that decides the peak when it stores much",
  { network: { ...network, discriminator: { width: 18, layers: 2 } } },
];

function within(config: Config, memoryBudget: number | null): Config {
  return { ...config, network: { ...config.network, memoryBudget } };
}

/** Peaks by the number of stored blocks, all of them counted. */
function peaksOf(config: Config): number[] {
  const theory = new MemoryTheory(config, "native");
  const { depth: blocks } = config.network;
  return Array.from(
    { length: blocks + 1 },
    (_, storedBlocks) => theory.at({ depth: blocks, backprop: "recompute", storedBlocks }).peak,
  );
}

describe("the theory of a step within a memory budget", () => {
  it.each([...networks, hidden])(
    "has peaks that grow with the stored blocks, to that of storing all: %s",
    (_, written) => {
      const config = configOf(written);
      const peaks = peaksOf(config);
      expect(peaks).toEqual([...peaks].sort((a, b) => a - b));
      const theory = new MemoryTheory(config, "native");
      expect(peaks[0]).toBe(theory.at({ depth, backprop: "recompute" }).peak);
      expect(peaks[depth]).toBe(theory.at({ depth, backprop: "store" }).peak);
      expect(peaks[depth]).toBeGreaterThan(peaks[0]!);
    },
  );

  it.each([...networks, hidden])(
    "stores as many blocks as fit, and tells the least budget where none does: %s",
    (_, written) => {
      const config = configOf(written);
      const peaks = peaksOf(config);
      for (const budget of peaks.flatMap((peak) => [peak, peak + 1, peak - 1])) {
        const fitting = peaks.filter((peak) => peak <= budget).length - 1;
        if (fitting >= 0) expect(storedBlocksOf(within(config, budget), "native"), String(budget)).toBe(fitting);
      }
      expect(() => storedBlocksOf(within(config, peaks[0]! - 1), "native")).toThrow(
        `network.memoryBudget is ${peaks[0]! - 1} bytes`,
      );
      expect(storedBlocksOf(within(config, null), "native")).toBe(0);
    },
  );

  it("says in one line what is too small, and what to set", () => {
    const config = configOf({ network });
    const [least] = peaksOf(config) as [number];
    const told = () => requiredCase(new MemoryTheory(config, "native"), { ...config.network, memoryBudget: 1_000_000 });
    expect(told).toThrow(
      expect.objectContaining({
        code: "config",
        message: `network.memoryBudget is 1000000 bytes (1.0 MB), and a step of 5 blocks needs at least ${least} bytes (${(least / 1e6).toFixed(1)} MB), recomputing all of them`,
        remedy: `set network.memoryBudget to at least ${least}, or to null`,
      }),
    );
    expect(
      configuredCase(new MemoryTheory(config, "native"), { ...config.network, memoryBudget: 1_000_000 }),
    ).toBeNull();
  });

  it("counts a few of many numbers of blocks", () => {
    const counted: number[] = [];
    const peakOf = (storedBlocks: number): number => {
      counted.push(storedBlocks);
      return Math.max(5_000, 1000 + 7 * storedBlocks);
    };
    expect(storedBlocksWithin(40_007, 10_000, peakOf)).toBe(5572);
    expect(counted.length).toBeLessThanOrEqual(6);
    expect(storedBlocksWithin(5_000, 0, peakOf)).toBe(0);
  });

  it("has operations that fall linearly with each stored block", () => {
    const theory = new MemoryTheory(configOf({ network }), "native");
    const operations = Array.from(
      { length: depth + 1 },
      (_, storedBlocks) => theory.workAt({ depth, backprop: "recompute", storedBlocks }).operations,
    );
    const spared = operations.slice(1).map((each, i) => operations[i]! - each);
    expect(spared[0]).toBeGreaterThan(0);
    expect(new Set(spared).size).toBe(1);
  });
});

it("stores blocks for nothing where the peak does not lie in the core", () => {
  const config = configOf(hidden[1]);
  const [least] = peaksOf(config) as [number];
  const stored = storedBlocksOf(within(config, least), "native");
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(depth);
});

describe("costs by depth within a memory budget", () => {
  it.each(networks)("are those of the blocks that fit at each depth, and none beyond: %s", (_, written) => {
    const config = configOf(written);
    const budget = Math.round(0.5 * (peaksOf(config)[1]! + peaksOf(config)[depth - 1]!));
    const depths = [0, 1, 2, 3, 4, 5, 6, 9, 14, 400];
    const theory = new MemoryTheory(config, "native");
    const costs = costsByDepth(within(config, budget), "native", backpropsOf(config.network), depths);
    let next = costs.next();
    while (next.done !== true) next = costs.next();
    const found = next.value;
    for (const point of found) {
      const step = configuredCase(theory, { ...config.network, depth: point.depth, memoryBudget: budget });
      // Interpolated ends do not tell where the peak lies.
      const expected = step === null ? undefined : { ...theory.at(step), peakIn: point.needs.budget?.peakIn };
      expect(point.needs.budget, `${point.depth} blocks`).toEqual(expected);
      expect(point.operations.budget).toBe(step === null ? undefined : theory.workAt(step).operations);
    }
    expect(found.at(-1)!.needs.budget).toBeUndefined();
    expect(found[5]!.needs.budget!.peak).toBeGreaterThan(found[5]!.needs.recompute!.peak);
  });
});

describe("a measured step within a memory budget", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("native");
  });
  expectNoLeaks(() => k);

  it.each(networks)(
    "takes what the theory says, to the byte, and never more than the budget: %s",
    async (_, written) => {
      const config = configOf(written);
      const theory = new MemoryTheory(config, "native");
      for (const [storedBlocks, peak] of peaksOf(config).entries()) {
        const budget = peak + 1;
        const { measured } = await measureStep(k, within(config, budget));
        expect(measured, `${storedBlocks} blocks`).toEqual(theory.at({ depth, backprop: "recompute", storedBlocks }));
        expect(measured.peak).toBeLessThanOrEqual(budget);
      }
      const { measured } = await measureStep(k, { ...config, network: { ...config.network, backprop: "store" } });
      expect(measured).toEqual(theory.at({ depth, backprop: "recompute", storedBlocks: depth }));
    },
  );

  it("can be that of exactly the least, and of not a byte less", async () => {
    const config = configOf({ network });
    const [least] = peaksOf(config) as [number];
    expect((await measureStep(k, within(config, least))).measured.peak).toBe(least);
    await expect(measureStep(k, within(config, least - 1))).rejects.toThrow(`needs at least ${least} bytes`);
  });
});
