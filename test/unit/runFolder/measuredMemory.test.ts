import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { MemoryLine } from "../../../extension/protocol/lines";
import { MeasuredMemory } from "../../../extension/runFolder/measuredMemory";
import { temporaryFolder } from "../runFolder/support";

let folder: string;
let memory: MeasuredMemory;

beforeEach(() => {
  folder = join(temporaryFolder(), "memory");
  memory = new MeasuredMemory(() => folder);
});

const measured = (): string[] => readdirSync(folder).filter((name) => name !== ".gitignore");
const config = (value: object = {}) => parseConfig(value, "");

function line(depth: number, backprop: MemoryLine["backprop"], peak = 1000): MemoryLine {
  const share = { peak, weights: 1, moments: 2, gradients: 1, activations: peak - 4, largestActivations: peak - 3 };
  return { type: "memory", depth, backprop, measured: share, theory: share, residentBytes: 10_000, seconds: 1 };
}

describe("measurements of memory", () => {
  it("are kept from one window to the next, in the order of depth", async () => {
    await memory.write(config(), [line(8, "store"), line(2, "store"), line(2, "recompute")]);
    expect(await new MeasuredMemory(() => folder).read(config())).toEqual([
      line(2, "recompute"),
      line(2, "store"),
      line(8, "store"),
    ]);
  });

  it("replace older ones of the same depth and mode, and no others", async () => {
    await memory.write(config(), [line(2, "store", 1000), line(4, "store", 2000)]);
    await memory.write(config(), [line(2, "store", 1500)]);
    expect(await memory.read(config())).toEqual([line(2, "store", 1500), line(4, "store", 2000)]);
  });

  it("belong to every configuration that needs as much, whatever its depth, data and length", async () => {
    await memory.write(config(), [line(2, "store")]);
    for (const same of [
      { network: { depth: 20, backprop: "store" } },
      { data: { path: "elsewhere" } },
      { training: { epochs: 3, seed: 7, lambdaCycle: 5 } },
    ]) {
      expect(await memory.read(config(same))).toEqual([line(2, "store")]);
    }
    for (const other of [
      { network: { width: 32 } },
      { data: { cropSize: 128 } },
      { training: { batchSize: 2 } },
      { training: { lambdaIdentity: 0 } },
      { engine: "wasm" },
      { mode: "paired" },
    ]) {
      expect(await memory.read(config(other))).toEqual([]);
    }
  });

  it("within a memory budget are those of this budget alone, beside those of the other ways", async () => {
    const within = (memoryBudget: number | null) => config({ network: { memoryBudget } });
    const budgeted = (depth: number, budget: number): MemoryLine => ({
      ...line(depth, "budget"),
      budget,
      storedBlocks: 1,
    });
    await memory.write(within(2e9), [line(2, "store"), budgeted(2, 2e9)]);
    await memory.write(within(3e9), [budgeted(2, 3e9)]);
    await memory.write(within(null), [line(2, "recompute")]);
    const others = [line(2, "recompute"), line(2, "store")];
    expect(await memory.read(within(2e9))).toEqual([budgeted(2, 2e9), ...others]);
    expect(await memory.read(within(3e9))).toEqual([budgeted(2, 3e9), ...others]);
    expect(await memory.read(within(null))).toEqual(others);
    expect(measured()).toHaveLength(1);
  });

  it("that cannot be read are none, and are measured again", async () => {
    expect(await memory.read(config())).toEqual([]);
    await memory.write(config(), [line(2, "store")]);
    const [file] = measured();
    for (const text of ["", "garbage\n", '{"type":"memory"}\n', '{"type":"memory","depth":2']) {
      writeFileSync(join(folder, file!), text);
      expect(await memory.read(config())).toEqual([]);
      await memory.write(config(), [line(4, "store")]);
      expect(await memory.read(config())).toEqual([line(4, "store")]);
    }
    expect(measured()).toEqual([file]);
  });
});
