import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { BackpropMode, MemoryLine } from "../../../extension/protocol/lines";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { expectDone, expectRefused, linesOf, ofType, Running, sets } from "../../support/commandLine";
import { revgan } from "../../support/programs";

const network = { width: 4, discriminator: { width: 4, layers: 1 } };
/** Steps of some hundredths of a second. */
const tiny = sets({
  engine: "wasm",
  "data.loadSize": null,
  "data.cropSize": 16,
  "network.width": 4,
  "network.discriminator.width": 4,
  "network.discriminator.layers": 1,
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "revgan-memory-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function measured(stdout: string): MemoryLine[] {
  return ofType(linesOf(stdout), "memory");
}

const caseOf = ({ depth, backprop }: MemoryLine): string => `${depth} ${backprop}`;

describe("revgan memory", () => {
  it("measures networks for volumes, to the byte of the theory", async () => {
    const network = { dimensions: 3, width: 4, inputChannels: 1, outputChannels: 2, discriminator: { width: 4 } };
    const cwd = folder();
    writeFileSync(
      join(cwd, "revgan.json"),
      JSON.stringify({ engine: "native", network, data: { cropSize: [12, 16, 14] } }),
    );
    const lines = ofType(
      expectDone(
        await revgan(
          ["memory", "--json", "--config", "revgan.json", "--depths", "1,3", "--backprop", "recompute,store"],
          cwd,
        ),
      ),
      "memory",
    );
    expect(lines.map(caseOf)).toEqual(["1 recompute", "1 store", "3 recompute", "3 store"]);
    for (const { measured: found, theory } of lines) expect(found).toEqual(theory);
    expect(lines[2]!.measured.activations).toBe(lines[0]!.measured.activations);
  });

  it("prints a line for every depth and way of backpropagation, with the theory, and leaves nothing behind", async () => {
    const cwd = folder();
    const ended = await revgan(["memory", "--json", "--depths", "1,9", "--backprop", "store,recompute", ...tiny], cwd);
    const lines = ofType(expectDone(ended), "memory");
    expect(lines.map(caseOf)).toEqual(["1 store", "1 recompute", "9 store", "9 recompute"]);
    const config = parseConfig({ network, data: { loadSize: null, cropSize: 16 } }, "");
    for (const { depth, backprop: mode, measured: found, theory, residentBytes, seconds } of lines) {
      const backprop = mode as BackpropMode;
      expect(theory).toEqual(new MemoryTheory(config, "wasm").at({ depth, backprop }));
      expect(found).toEqual({
        ...theory,
        peak: found.peak,
        gradients: found.gradients,
        activations: found.activations,
        largestActivations: found.largestActivations,
      });
      expect(found.activations).toBe(found.peak - found.weights - found.moments - found.gradients);
      expect(Math.abs(found.peak - theory.peak)).toBeLessThan(0.05 * found.peak);
      expect(found.largestActivations).toBeGreaterThanOrEqual(Math.max(found.activations, theory.largestActivations));
      expect(found.largestActivations).toBeLessThan(1.2 * theory.largestActivations);
      expect(residentBytes).toBeGreaterThan(found.peak);
      expect(seconds).toBeGreaterThan(0);
    }
    for (const share of ["activations", "largestActivations"] as const)
      expect(lines[3]!.measured[share]).toBe(lines[1]!.measured[share]);
    expect(lines[2]!.measured.activations).toBeGreaterThan(lines[0]!.measured.activations);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("prints each as soon as it is measured, and Ctrl-C ends it at once, with 130", async () => {
    const running = new Running([
      "memory",
      "--json",
      "--depths",
      "0,400",
      "--backprop",
      "recompute",
      ...tiny,
      ...sets({ "data.cropSize": 256 }),
    ]);
    await running.says(/"type":"memory"/);
    const ended = await running.interrupt();
    expect(measured(ended.stdout).map(caseOf)).toEqual(["0 recompute"]);
    expectRefused(ended, { exit: 130, code: "interrupted", says: ["stopped before everything was measured"] });
  });

  it("shows people a table", async () => {
    const ended = await revgan(["memory", "--depths", "1", ...tiny]);
    expect(ended).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Engine: wasm, as configured.*\n$/) as string,
    });
    const rows = ended.stdout.trimEnd().split("\n");
    expect(rows[0]).toMatch(/^DEPTH\s+BACKPROP\s+PEAK\s+THEORY\s+ACTIVATIONS\s+LARGEST\s+RESIDENT\s+SECONDS$/);
    expect(rows.slice(1).map((row) => row.trim().split(/\s+/).slice(0, 2).join(" "))).toEqual([
      "1 recompute",
      "1 checkpoint",
      "1 store",
    ]);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("measures a network that is not reversible in the one way that it has", async () => {
    const lines = ofType(
      expectDone(
        await revgan(
          ["memory", "--json", ...tiny, ...sets({ "network.kind": "cyclegan" }), "--depths", "1,3"],
          folder(),
        ),
      ),
      "memory",
    );
    expect(lines.map(caseOf)).toEqual(["1 store", "3 store"]);
    for (const { measured: found, theory } of lines) expect(found.peak).toBeLessThan(1.05 * theory.peak);
  });

  it("takes a configuration, and measures a depth that is named twice once", async () => {
    const file = join(folder(), "revgan.json");
    const config = {
      mode: "paired",
      network: { ...network, depth: 7, backprop: "store" },
      data: { path: "no/such/folder", loadSize: null, cropSize: [16, 24] },
      engine: "wasm",
    };
    writeFileSync(file, JSON.stringify(config));
    const lines = ofType(
      expectDone(await revgan(["memory", "--json", "--config", file, "--depths", "2, 2", "--backprop", "checkpoint"])),
      "memory",
    );
    expect(lines.map(caseOf)).toEqual(["2 checkpoint"]);
    expect(lines[0]!.theory).toEqual(
      new MemoryTheory(parseConfig(config, "")).at({ depth: 2, backprop: "checkpoint" }),
    );
  });

  it.each([
    [["--depths", "1,two"], "usage", ['--depths 1,two: network.depth must be a whole number of at least 0, not "two"']],
    [["--depths", "2.5"], "usage", ['not "2.5"']],
    [["--depths=-1"], "usage", ['not "-1"']],
    [["--depths", "1,,2"], "usage", ['not ""']],
    [["--depths", "10001"], "usage", ["at most 10000, not 10001"]],
    [["--depths", Array.from({ length: 33 }, (_, depth) => depth).join()], "usage", ["33 depths, and at most 32"]],
    [["--backprop", "recompute,magic"], "usage", ["some of recompute, checkpoint, store for a revgan, not magic"]],
    [["more"], "usage", ["memory does not know what to do with more"]],
    [sets({ "data.cropSize": null }), "config", ["data.cropSize is null", "set data.cropSize"]],
    [
      [...sets({ "network.kind": "cyclegan" }), "--backprop", "recompute"],
      "usage",
      ["--backprop must be store for a cyclegan, not recompute"],
    ],
    [["--config", "missing.json"], "config", ["missing.json"]],
  ] as const)("refuses %j in one line", async (words, code, says) => {
    const ended = await revgan(["memory", "--json", ...tiny, ...words], folder());
    expectRefused(ended, { exit: 2, code, says });
    expect(measured(ended.stdout)).toEqual([]);
  });

  it("--help tells how", async () => {
    expect(await revgan(["memory", "--help"])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/^revgan memory /) as string,
    });
  });
});
