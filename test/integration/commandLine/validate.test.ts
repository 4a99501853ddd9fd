import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ValidationLine } from "../../../extension/protocol/lines";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  ofType,
  pairedData,
  readRunFile,
  resume,
  sharedFolder,
  train,
  unpairedData,
} from "../../support/commandLine";
import { revgan } from "../../support/programs";
import { startSession, until, workspace } from "../../support/trainer";
import { noise, writeTree } from "../../support/images";

const folder = sharedFolder();
const data = pairedData(join(folder, "data"));
const paired = { mode: "paired", "training.sampleEvery": 0, "data.shuffle": true };
/** A rate at which no pixel changes: every validation has the same figures. */
const still = { ...paired, "training.learningRate": 1e-12, "training.validateEvery": 1 };

const stepsOf = (lines: readonly { step: number }[]): number[] => lines.map(({ step }) => step);
const errorOf = ({ metrics }: ValidationLine): number => (metrics.AtoB!.mae! + metrics.BtoA!.mae!) / 2;
const checkpointsOf = (run: string): number[] =>
  readdirSync(join(run, "checkpoints"))
    .map(Number)
    .sort((a, b) => a - b);

describe("a training that validates", () => {
  const values = {
    ...paired,
    "training.validateEvery": 2,
    "training.maxSteps": 9,
    "training.learningRate": 0.3,
    "training.seed": 1,
    "training.keepCheckpoints": 1,
    "training.checkpointEvery": 3,
  };
  const whole = join(folder, "whole");

  it("tells both directions' figures every so many steps, keeps them, and the best one's checkpoint beside the latest", async () => {
    const lines = expectDone(await train(data, whole, values));
    const validations = ofType(lines, "validation");
    expect(stepsOf(validations)).toEqual([2, 4, 6, 8]);
    expect(ofType(metricsOf(whole), "validation")).toEqual(validations);
    const best = validations.reduce((least, line) => (errorOf(line) < errorOf(least) ? line : least));
    // Else this would not tell the best from the latest.
    expect(best.step).toBeLessThan(8);
    expect(readRunFile(whole).best).toEqual({ step: best.step, metric: "mae", value: errorOf(best) });
    expect(checkpointsOf(whole)).toEqual([best.step, 9]);
  });

  it("tells what evaluate finds on the same pictures with the same weights", async () => {
    const run = join(folder, "compared");
    const [line] = ofType(
      expectDone(await train(data, run, { ...paired, "training.validateEvery": 2, "training.maxSteps": 2 })),
      "validation",
    );
    const evaluations = ofType(
      expectDone(await revgan(["evaluate", "--json", "--run", run, "--split", "val"])),
      "evaluation",
    );
    for (const { direction, metrics } of evaluations) {
      // Translating alone rounds the core's states to no grid: a pixel may differ by one.
      for (const [key, within] of [
        ["mae", 0.01],
        ["psnr", 0.01],
        ["ssim", 0.001],
      ] as const)
        expect(Math.abs(metrics[key]! - line!.metrics[direction]![key]!)).toBeLessThan(within);
    }
  });

  it("takes the same memory a step, and comes to the same bytes, as one that does not", async () => {
    const plain = join(folder, "plain");
    expectDone(await train(data, plain, { ...values, "training.validateEvery": 0 }));
    const bytes = (run: string): unknown[] => ofType(metricsOf(run), "step").map((line) => line.bytes);
    expect(bytes(whole)).toEqual(bytes(plain));
    expect(checkpoint(whole, 9)).toEqual(checkpoint(plain, 9));
    expect(readRunFile(plain).best).toBeNull();
  });

  it("goes on after a stop with the same figures, best and bytes as if it had not stopped", async () => {
    const parts = join(folder, "parts");
    expectDone(await train(data, parts, { ...values, "training.maxSteps": 4 }));
    expectDone(await resume(parts, { "training.maxSteps": 9 }));
    expect(ofType(metricsOf(parts), "validation")).toEqual(ofType(metricsOf(whole), "validation"));
    expect(readRunFile(parts).best).toEqual(readRunFile(whole).best);
    expect(checkpointsOf(parts)).toEqual(checkpointsOf(whole));
    expect(checkpoint(parts, 9)).toEqual(checkpoint(whole, 9));
  });

  it("knows its best by its own lines, of which those after the checkpoint are cut", async () => {
    const cut = join(folder, "cut");
    expectDone(await train(data, cut, { ...values, "training.checkpointEvery": 1, "training.keepCheckpoints": 9 }));
    for (const step of [5, 6, 7, 8, 9])
      rmSync(join(cut, "checkpoints", String(step).padStart(6, "0")), { recursive: true });
    writeFileSync(
      join(cut, "run.json"),
      JSON.stringify({ ...readRunFile(cut), best: { step: 8, metric: "mae", value: 0 } }),
    );
    expectDone(await resume(cut));
    expect(ofType(metricsOf(cut), "validation")).toEqual(ofType(metricsOf(whole), "validation"));
    expect(readRunFile(cut).best).toEqual(readRunFile(whole).best);
  });

  it("of a pix2pix tells its one direction", async () => {
    const [line] = ofType(
      expectDone(
        await train(data, join(folder, "pix2pix"), { "network.kind": "pix2pix", "training.validateEvery": 2 }),
      ),
      "validation",
    );
    expect(Object.keys(line!.metrics)).toEqual(["AtoB"]);
  });

  it("without pairs takes files of one name", async () => {
    const unpaired = unpairedData(join(folder, "unpaired"), {
      more: { "valA/x.png": noise(1, 36, 40), "valA/y.png": noise(2, 36, 40), "valB/x.png": noise(3, 36, 40) },
    });
    const lines = expectDone(await train(unpaired, join(folder, "unpaired-run"), { "training.validateEvery": 1 }));
    expect(stepsOf(ofType(lines, "validation"))).toEqual([1, 2]);
  });

  it("is refused without pairs, before anything is written", async () => {
    const run = join(folder, "refused");
    const bare = writeTree(join(folder, "bare"), { "train/1.png": noise(1, 36, 80) });
    expectRefused(await train(bare, run, { ...paired, "training.validateEvery": 1 }), {
      exit: 2,
      code: "data",
      says: [bare, "has no pairs to validate on", "training.validateEvery to 0"],
    });
    expect(existsSync(run)).toBe(false);
  });

  it("tells people the figures in words", async () => {
    const { stderr } = await revgan(["resume", join(folder, "parts"), "--set", "training.maxSteps=10"]);
    expect(stderr).toMatch(/Validation at step 10: AtoB MAE [\d.]+, PSNR [\d.]+, SSIM [\d.]+ · BtoA MAE/);
  });
});

describe("a training that is to stop early", () => {
  it("ends as finished after so many validations without a better one, and says why", async () => {
    const run = join(folder, "still");
    const ended = await train(data, run, {
      ...still,
      "training.earlyStop": 2,
      "training.maxSteps": 10,
      "training.keepCheckpoints": 1,
    });
    const lines = expectDone({ ...ended, stderr: "" });
    expect(stepsOf(ofType(lines, "step"))).toEqual([1, 2, 3]);
    expect(lines.at(-1)).toMatchObject({ type: "finished", step: 3 });
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: 3, best: { step: 1 } });
    expect(checkpointsOf(run)).toEqual([1, 3]);
    const why =
      /ends at step 3 of 10, after 2 validations without improvement: none since step 1 was better than its mean absolute error of [\d.]+; raise training.earlyStop above 2 to go on\n/;
    expect(ended.stderr).toMatch(why);
    expect(readFileSync(join(run, "log.txt"), "utf8")).toMatch(why);
  });

  it("is as patient after a resume as without one, and goes on when patience is raised", async () => {
    const run = join(folder, "patience");
    expectDone(await train(data, run, { ...still, "training.earlyStop": 3, "training.maxSteps": 2 }));
    const end = async (values: Record<string, unknown>): Promise<number> => {
      expectDone({ ...(await resume(run, { "training.maxSteps": 10, ...values })), stderr: "" });
      return readRunFile(run).step;
    };
    expect(await end({})).toBe(4);
    // Nothing has changed: it ends where it is.
    expect(await end({})).toBe(4);
    expect(await end({ "training.earlyStop": 5 })).toBe(6);
    expect(await end({ "training.earlyStop": 0 })).toBe(10);
  });
});

it("a stop in the middle of a validation is heard at once, and the validation is made up for on resume", async () => {
  const values = { "training.validateEvery": 1, "training.sampleEvery": 0, "training.maxSteps": 1 };
  const { folder: place, config, sets } = workspace({ ...values, "training.maxSteps": 5 });
  writeTree(
    join(place, "data"),
    Object.fromEntries(
      ["A", "B"].flatMap((domain) => Array.from({ length: 60 }, (_, i) => [`val${domain}/${i}.png`, noise(i, 96, 96)])),
    ),
  );
  const { session, lines } = startSession(place, { type: "train", config, sets });
  await until("the first step", () => ofType(lines, "step").length > 0);
  await session.stop();
  const { run } = session.started!;
  expect(readRunFile(run)).toMatchObject({ state: "stopped", step: 1, best: null });
  expect(ofType(metricsOf(run), "validation")).toEqual([]);
  const resumed = expectDone(await resume(run, { "training.maxSteps": 1 }).then((ended) => ({ ...ended, stderr: "" })));
  expect(stepsOf(ofType(resumed, "validation"))).toEqual([1]);
  expect(readRunFile(run)).toMatchObject({ state: "finished", best: { step: 1 } });
});
