import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { fromSamples, toSamples } from "../../../extension/trainer/data/picture";
import { largestDifference } from "../../support/arrays";
import {
  expectDone,
  expectRefused,
  filesBelow,
  pairedData,
  sharedFolder,
  train,
  unpairedData,
} from "../../support/commandLine";
import { noise, type TestImage, writeTree } from "../../support/images";
import { openOnnx } from "../../support/onnx";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const [both, oneWay] = [join(folder, "both"), join(folder, "one-way")];
// Of sides that the network takes as they are.
const pictures: readonly TestImage[] = [noise(1, 32, 52), noise(2, 40, 24)];
const files = pictures.map((_, i) => join(folder, "pictures", `${i}.png`));

beforeAll(async () => {
  writeTree(join(folder, "pictures"), { "0.png": pictures[0]!, "1.png": pictures[1]! });
  // At this rate a few steps change the weights by more than they were.
  const fast = { "training.maxSteps": 4, "training.learningRate": 0.02, "network.depth": 2 };
  expectDone(await train(unpairedData(join(folder, "unpaired")), both, fast));
  const pix2pix = { "network.kind": "pix2pix", "network.norm": "batch", ...fast };
  expectDone(await train(pairedData(join(folder, "paired")), oneWay, pix2pix));
});

/** Exports a run; returns what was said to be written. */
async function exported(run: string, out: string, more: readonly string[] = []): Promise<string[]> {
  const ended = await revgan(["export", "--run", run, "--format", "onnx", "--out", out, ...more]);
  expect(ended.code, ended.stderr).toBe(0);
  return ended.stdout.trim().split("\n");
}

/** The pictures, translated by `revgan translate`. */
async function translated(run: string, direction: string): Promise<Buffer[]> {
  const out = join(folder, `${direction} of ${run === both ? "both" : "one way"}`);
  const ended = await revgan(["translate", "--run", run, "--direction", direction, "--out", out, ...files]);
  expect(ended.code, ended.stderr).toBe(0);
  return Promise.all(
    pictures.map((_, i) =>
      sharp(join(out, `${i}.${direction}.png`))
        .raw()
        .toBuffer(),
    ),
  );
}

describe.each([
  ["a RevGAN's core forwards", both, "AtoB"],
  ["a RevGAN's core backwards", both, "BtoA"],
  ["a pix2pix with batch norms", oneWay, "AtoB"],
])("the model of %s", (_, run, direction) => {
  it("translates pictures as `revgan translate` does, up to 1 of 255, also two in a batch", async () => {
    const [file] = await exported(run, join(folder, "one.onnx"), ["--direction", direction]);
    const model = await openOnnx(readFileSync(file!));
    for (const [i, expected] of (await translated(run, direction)).entries()) {
      const { height, width, samples } = pictures[i]!;
      const one = fromSamples(samples, 8);
      // Beside its negative, whose mean and variance are others.
      const two = Float32Array.of(...one, ...one.map((value) => -0.5 * value));
      for (const [n, data] of [one, two].entries()) {
        const { shape, data: y } = await model({ shape: [n + 1, height, width, 3], data });
        expect(shape).toEqual([n + 1, height, width, 3]);
        expect(largestDifference(toSamples(y.slice(0, expected.length), 8), expected)).toBeLessThan(2);
      }
      expect(new Set(expected).size).toBeGreaterThan(50);
    }
  });
});

describe("revgan export --format onnx", () => {
  it("writes both directions beside each other, and replaces what was there", async () => {
    const out = join(folder, "new", "folder", "model.onnx");
    const paths = ["AtoB", "BtoA"].map((direction) => join(folder, "new", "folder", `model.${direction}.onnx`));
    expect(await exported(both, out)).toEqual(paths);
    const first = paths.map((path) => readFileSync(path));
    writeTree(join(folder, "new", "folder"), { "model.AtoB.onnx": "of before" });
    expect(await exported(both, join(folder, "new", "folder", "model"), ["--direction", "both"])).toEqual(paths);
    expect(paths.map((path) => readFileSync(path))).toEqual(first);
    expect(filesBelow(join(folder, "new"))).toEqual(["folder/model.AtoB.onnx", "folder/model.BtoA.onnx"]);
  });

  it("writes one direction to the path as it stands, also where the network has no other; the same bytes as beside the other", async () => {
    const out = join(folder, "as-it-stands");
    expect(await exported(oneWay, out)).toEqual([out]);
    const [one, ...others] = await exported(both, `${out}.AtoB`, ["--direction", "BtoA"]);
    expect([one, ...others]).toEqual([`${out}.AtoB`]);
    const [, backwards] = await exported(both, join(folder, "two.ONNX"));
    expect(readFileSync(one!).equals(readFileSync(backwards!))).toBe(true);
  });

  it("refuses a direction that the run or the format does not have, and writes nothing", async () => {
    const out = join(folder, "never.onnx");
    const refusal = (run: string, format: string, direction: string): Promise<Parameters<typeof expectRefused>[0]> =>
      revgan(["export", "--json", "--run", run, "--format", format, "--out", out, "--direction", direction]);
    const usage = { exit: 2, code: "usage" } as const;
    for (const direction of ["BtoA", "both"])
      expectRefused(await refusal(oneWay, "onnx", direction), {
        ...usage,
        says: ["a pix2pix translates A to B alone"],
      });
    expectRefused(await refusal(both, "onnx", "atob"), {
      ...usage,
      says: ["--direction must be AtoB, BtoA or both, not atob"],
    });
    expectRefused(await refusal(both, "pytorch", "AtoB"), { ...usage, says: ["--direction is of onnx"] });
    expectRefused(await refusal(both, "toString", "AtoB"), {
      ...usage,
      says: ["--format must be pytorch or onnx or tensorboard, not toString"],
    });
    expect(existsSync(out)).toBe(false);
  });
});
