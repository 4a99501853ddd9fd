import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { MemoryShares, PlanLine } from "../../../extension/protocol/lines";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import {
  checkpoint,
  expectDone,
  expectRefused,
  ofType,
  readRunFile,
  resume,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

/** Discriminators so small that the core decides the peak. */
const network = { width: 8, depth: 4, discriminator: { width: 2, layers: 1 } };
const native = {
  ...tiny,
  engine: "native",
  "network.width": network.width,
  "network.depth": network.depth,
  "network.discriminator.width": network.discriminator.width,
};
const theory = new MemoryTheory(parseConfig({ network, data: { loadSize: null, cropSize: 32 } }, ""), "native");
const storing = (storedBlocks: number, depth = network.depth): MemoryShares =>
  theory.at({ depth, backprop: "recompute", storedBlocks });
const least = storing(0).peak;

describe("a training within a memory budget", () => {
  it("may get another one on resume, and ends in the same checkpoint, byte for byte", async () => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    expectDone(await train(data, whole, { ...native, "training.maxSteps": 4 }));
    const budgets = [storing(1).peak, storing(3).peak, storing(4).peak, null];
    for (const [i, memoryBudget] of budgets.entries()) {
      const values = { "training.maxSteps": i + 1, "network.memoryBudget": memoryBudget };
      const ended = i === 0 ? await train(data, parts, { ...native, ...values }) : await resume(parts, values);
      const [step] = ofType(expectDone(ended), "step");
      expect(step!.bytes.peak).toBe(memoryBudget ?? least);
      expect(readRunFile(parts).config.network.memoryBudget).toBe(memoryBudget);
    }
    expect(checkpoint(parts, 4)).toEqual(checkpoint(whole, 4));
  });

  it("with too little is refused in one line, and leaves no run, and no change of one", async () => {
    const refusal = {
      exit: 2,
      code: "config",
      says: [
        `network.memoryBudget is ${least - 1} bytes (`,
        `a step of 4 blocks needs at least ${least} bytes (`,
        `set network.memoryBudget to at least ${least}, or to null`,
      ],
    } as const;
    const tooLittle = { "network.memoryBudget": least - 1 };
    const run = join(folder, "refused");
    expectRefused(await train(data, run, { ...native, ...tooLittle }), refusal);
    expect(existsSync(run)).toBe(false);
    expectDone(await train(data, run, { ...native, "training.maxSteps": 1, "network.memoryBudget": least }));
    expectRefused(await resume(run, { "training.maxSteps": 2, ...tooLittle }), refusal);
    expect(readRunFile(run)).toMatchObject({ state: "finished", config: { network: { memoryBudget: least } } });
    const file = join(folder, "refused.json");
    const written = { engine: "native", network: { ...network, memoryBudget: least - 1 } };
    writeFileSync(file, JSON.stringify({ ...written, data: { path: data, loadSize: null, cropSize: 32 } }));
    expectRefused(await revgan(["plan", "--json", "--config", file, "--as-written"], folder), refusal);
  });
});

describe("revgan memory within a budget", () => {
  const args = (budget: number): string[] => ["memory", ...sets({ ...native, "network.memoryBudget": budget })];

  it("measures it beside the other ways, to the byte of the theory, where it suffices", async () => {
    const budget = storing(2).peak;
    const deep = 40;
    expect(storing(0, deep).peak).toBeGreaterThan(budget);
    const ended = await revgan([
      ...args(budget),
      "--json",
      "--depths",
      `1,4,${deep}`,
      "--backprop",
      "recompute,budget",
    ]);
    const lines = ofType(expectDone(ended), "memory");
    const seen = lines.map(({ depth, backprop, storedBlocks }) => [depth, backprop, storedBlocks]);
    expect(seen).toEqual([
      [1, "recompute", undefined],
      [1, "budget", 1],
      [4, "recompute", undefined],
      [4, "budget", 2],
      [deep, "recompute", undefined],
    ]);
    expect(ended.stderr).toContain(`a step of ${deep} blocks needs at least ${storing(0, deep).peak} bytes`);
    for (const { depth, storedBlocks = 0, measured, theory: expected } of lines) {
      expect(expected).toEqual(storing(storedBlocks, depth));
      expect(measured).toEqual(expected);
    }
    expect(lines[3]).toMatchObject({ budget, measured: { peak: budget } });
  });

  it("shows people how many blocks are stored", async () => {
    const { code, stdout } = await revgan([...args(storing(2).peak), "--depths", "4"]);
    expect(code).toBe(0);
    const rows = stdout.trimEnd().split("\n");
    expect(rows.slice(1).map((row) => row.trim().split(/ {2,}/).slice(0, 2))).toEqual([
      ["4", "recompute"],
      ["4", "checkpoint"],
      ["4", "store"],
      ["4", "budget, 2 stored"],
    ]);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("refuses it where no depth fits, and without a budget", async () => {
    expectRefused(await revgan([...args(1000), "--json", "--depths", "4", "--backprop", "budget"]), {
      exit: 2,
      code: "config",
      says: [`at least ${least} bytes`],
    });
    expectRefused(await revgan(["memory", "--json", ...sets(native), "--backprop", "budget"]), {
      exit: 2,
      code: "usage",
      says: ["some of recompute, checkpoint, store for a revgan, not budget", "set network.memoryBudget"],
    });
  });
});

describe("revgan plan within a budget", () => {
  const file = join(folder, "native.json");
  const plan = async (args: readonly string[]): Promise<PlanLine[]> =>
    ofType(expectDone(await revgan(["plan", "--json", "--data", data, "--config", file, ...args], folder)), "plan");

  it("estimates it as it is written, and takes it for the memory that proposals may take", async () => {
    const memoryBudget = storing(3).peak;
    const written = { engine: "native", network: { ...network, memoryBudget }, data: { loadSize: null, cropSize: 32 } };
    writeFileSync(file, JSON.stringify(written));
    const [line] = await plan(["--as-written"]);
    expect(line).toMatchObject({ storedBlocks: 3, peakBytes: memoryBudget });
    expect(parseConfig(line!.config, "").network).toMatchObject({ backprop: "recompute", memoryBudget });
    const table = await revgan(["plan", "--data", data, "--config", file, "--as-written"], folder);
    expect(table.stdout).toContain("recompute, 3 of 4 blocks stored");
    for (const { memoryBytes, peakBytes } of await plan([])) {
      expect(memoryBytes).toBe(memoryBudget);
      expect(peakBytes).toBeLessThanOrEqual(memoryBudget);
    }
  });
});
