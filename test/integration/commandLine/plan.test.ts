import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { PlanLine } from "../../../extension/protocol/lines";
import { noise, writeTree } from "../../support/images";
import { expectDone, expectRefused, metricsOf, ofType, sharedFolder, unpairedData } from "../../support/commandLine";
import { revgan } from "../../support/programs";

const folder = sharedFolder();

async function plan(args: readonly string[]): Promise<PlanLine[]> {
  return ofType(expectDone(await revgan(["plan", "--json", ...args], folder)), "plan");
}

describe("revgan plan", () => {
  it("proposes configurations that the trainer takes, whose step has the peak that was told, to the byte", async () => {
    const data = writeTree(join(folder, "pairs"), {
      "train/1.png": noise(1, 64, 128),
      "train/2.png": noise(2, 70, 128),
    });
    const config = join(folder, "native.json");
    writeFileSync(config, JSON.stringify({ engine: "native" }));
    const memory = 40e6;
    const lines = await plan(["--config", config, "--data", data, "--memory", String(memory), "--time", "600"]);
    expect(lines.map(({ name }) => name)).toEqual(["quick", "balanced", "best"]);
    for (const { fits, peakBytes, marginBytes, seconds, secondsPerStep, steps, residentBytes } of lines) {
      expect(fits).toBe(true);
      expect(peakBytes).toBeLessThanOrEqual(memory);
      expect(marginBytes).toBe(0);
      expect(residentBytes).toBeGreaterThan(peakBytes);
      expect(seconds).toBeLessThanOrEqual(600);
      expect(seconds).toBeGreaterThan(steps * secondsPerStep);
    }
    const [quick] = lines as [PlanLine];
    expect(parseConfig(quick.config, "the plan").data.path).toBe(data);
    const file = join(folder, "quick.json");
    writeFileSync(file, JSON.stringify(quick.config));
    const trained = ofType(
      expectDone(
        await revgan(
          ["train", "--json", "--config", file, "--run", join(folder, "run"), "--set", "training.maxSteps=3"],
          folder,
        ),
      ),
      "step",
    );
    expect(trained[2]!.bytes.peak).toBe(quick.peakBytes);
  });

  it.each([128, 1024])("uses the memory that it may, and more of more, for pictures of %i²", async (side) => {
    const data = writeTree(join(folder, String(side)), {
      "trainA/1.png": noise(1, side, side),
      "trainB/1.png": noise(2, side, side),
    });
    const peaks: number[] = [];
    for (const memory of [120e6, 240e6]) {
      const lines = await plan(["--config", join(folder, "native.json"), "--data", data, "--memory", String(memory)]);
      for (const { fits, peakBytes } of lines) {
        expect(fits).toBe(true);
        expect(peakBytes).toBeLessThanOrEqual(memory);
      }
      const { peakBytes } = lines.find(({ name }) => name === "best")!;
      expect(peakBytes).toBeGreaterThan(0.6 * memory);
      peaks.push(peakBytes);
    }
    expect(peaks[1]).toBeGreaterThan(peaks[0]!);
  });

  it("estimates a configuration as it is, and keeps what it has measured", async () => {
    const file = join(folder, "written.json");
    const written = {
      mode: "unpaired",
      engine: "wasm",
      network: { width: 4, depth: 1, discriminator: { width: 4, layers: 1 } },
      data: { path: unpairedData(join(folder, "two")), loadSize: null, cropSize: 32 },
      training: { epochs: 4, decayEpochs: 3 },
    };
    writeFileSync(file, JSON.stringify(written));
    const [line, ...others] = await plan(["--config", file, "--as-written"]);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ name: "as written", steps: 21, engine: { name: "wasm" }, fits: true });
    expect(parseConfig(line!.config, "the plan")).toEqual(parseConfig(written, "what was written"));
    // On WASM operations are composed of several, whose temporaries the peak does not have.
    expect(line!.marginBytes).toBeGreaterThan(0.09 * line!.peakBytes);
    const again = await revgan(["plan", "--config", file, "--as-written"], folder);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("32 × 32, 1 block, width 4") as string });
    expect(again.stderr).not.toContain("Measuring");
  });

  it("takes the time of the folder's own runs of such a configuration for its estimate", async () => {
    const file = join(folder, "written.json");
    const run = join(folder, ".revgan", "runs", "earlier");
    const sets = ["training.maxSteps=12", "training.sampleEvery=0"].flatMap((value) => ["--set", value]);
    expectDone(await revgan(["train", "--config", file, "--run", run, ...sets, "--json"], folder));
    // As if the machine had been slower, each step by another time.
    const slower = metricsOf(run).map((line) =>
      line.type === "step" ? { ...line, seconds: 3 + line.step / 100 } : line,
    );
    writeFileSync(join(run, "metrics.jsonl"), slower.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const [line] = await plan(["--config", file, "--as-written"]);
    // The median of twelve, of which the later of the two in the middle is taken.
    expect(line!.secondsPerStep).toBeCloseTo(3.07, 6);
    rmSync(run, { recursive: true });
    const [before] = await plan(["--config", file, "--as-written"]);
    expect(before!.secondsPerStep).toBeLessThan(3);
  });

  it("says what the least is where nothing fits", async () => {
    const data = unpairedData(join(folder, "least"));
    const ended = await revgan(
      ["plan", "--json", "--config", join(folder, "written.json"), "--data", data, "--memory", "1000"],
      folder,
    );
    expectRefused(ended, {
      exit: 1,
      code: "memory",
      says: [/nothing fits into 1\.0 kB .*: the least is [\d.]+ MB, for /],
    });
  });

  it("refuses amounts that are none, and a missing data folder", async () => {
    for (const [option, value] of [
      ["--memory", "much"],
      ["--time", "0"],
      ["--memory", "-3"],
    ] as const)
      expectRefused(await revgan(["plan", "--json", `${option}=${value}`], folder), {
        exit: 2,
        code: "usage",
        says: [`${option} must be a number above 0, not ${value}`],
      });
    expect((await revgan(["plan", "--json"], folder)).stderr).toContain("there is no configuration and no data folder");
  });
});
