import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationLine, Line } from "../../../extension/protocol/lines";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import {
  expectDone,
  expectRefused,
  metricsOf,
  ofType,
  readRunFile,
  sharedFolder,
  train,
} from "../../support/commandLine";
import { noise, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

/** The sample data's first pairs, at 32 × 32 × 24 and 64 × 64 × 48 voxels. */
const brains = "media/samples/brain-mini";
const folder = sharedFolder();
const data = join(folder, "brains");
const run = join(folder, "run");
const network = {
  "network.dimensions": 3,
  "network.inputChannels": 1,
  "network.outputChannels": 1,
  "network.discriminator.layers": 1,
};
const volumes = {
  ...network,
  "data.folders": '{"a":"lr","b":"hr"}',
  "data.intensity.kind": "window",
  "data.intensity.low": 0,
  "data.intensity.high": 255,
  "data.cropSize": 16,
  "data.loadSize": null,
};
const decoder = new DecoderClient();
let lines: Line[];

beforeAll(async () => {
  for (const file of [
    "train/lr/IXI012",
    "train/hr/IXI012",
    "val/lr/IXI048",
    "val/hr/IXI048",
    "test/lr/IXI049",
    "test/hr/IXI049",
  ]) {
    cpSync(join(brains, `${file}.nii.gz`), join(data, `${file}.nii.gz`));
  }
  lines = expectDone(
    await train(data, run, {
      ...volumes,
      mode: "paired",
      "training.maxSteps": 2,
      "training.sampleEvery": 2,
      "training.validateEvery": 2,
    }),
  );
});
afterAll(() => decoder.close());

/** The values of a volume as its file has them, `[depth, height, width]`. */
async function valuesOf(file: string): Promise<number[]> {
  const window = { low: -1000, high: 1000 };
  const { picture } = await decoder.decodeVolume({
    file,
    grid: null,
    interpolation: "cubic",
    intensity: { kind: "window", ...window },
    crop: null,
    multiple: 1,
    flip: false,
    channels: 1,
  });
  return Array.from(picture.data, (value) => value * 1000);
}

const truth = join(data, "test", "hr", "IXI049.nii.gz");
const input = join(data, "test", "lr", "IXI049.nii.gz");

describe("a training on volumes", () => {
  it("steps, writes samples as slices, and validates", () => {
    expect(ofType(lines, "step").map(({ step }) => step)).toEqual([1, 2]);
    const [validation] = ofType(metricsOf(run), "validation");
    for (const direction of ["AtoB", "BtoA"] as const) {
      const { mae, psnr, ssim } = validation!.metrics[direction]!;
      expect(mae).toBeGreaterThan(0);
      expect(psnr).toBeGreaterThan(0);
      expect(Math.abs(ssim!)).toBeLessThanOrEqual(1);
    }
    for (const kind of ["a-input", "a-translated", "a-truth", "b-cycled"])
      for (const place of ["", ".10", ".90"])
        expect(existsSync(join(run, "samples", "000002", `${kind}-0${place}.png`))).toBe(true);
  });

  it("notes the grids that the pairs have, and their intensities", () => {
    const { config, intensity } = readRunFile(run);
    expect(config.data.upsampling).toEqual({ a: [2, 2, 2], b: [1, 1, 1] });
    expect(intensity).toEqual({ a: { low: 0, high: 255 }, b: { low: 0, high: 255 } });
  });
});

describe("evaluate, on volumes", () => {
  let there: EvaluationLine;
  beforeAll(async () => {
    [there] = ofType(expectDone(await revgan(["evaluate", "--json", "--run", run])), "evaluation") as [EvaluationLine];
  });

  it("tells how far what translate writes is from the truth, in the file's units", async () => {
    const out = join(folder, "out");
    expectDone(
      await revgan([
        "translate",
        "--json",
        "--run",
        run,
        "--direction",
        "AtoB",
        "--type",
        "float32",
        "--out",
        out,
        input,
      ]),
    );
    const [found, wanted] = [await valuesOf(join(out, "IXI049.AtoB.nii.gz")), await valuesOf(truth)];
    expect(found.length).toBe(64 * 64 * 48);
    const inside = wanted.map((_, i) => i).filter((i) => wanted[i]! > 0.001);
    const mean = (places: readonly number[], error: (difference: number) => number): number =>
      places.reduce((sum, i) => sum + error(found[i]! - wanted[i]!), 0) / places.length;
    const all = wanted.map((_, i) => i);
    const squared = mean(all, (difference) => difference ** 2);
    const [judged] = there.perImage;
    expect(judged).toMatchObject({ name: "IXI049" });
    expect(judged!.mae).toBeCloseTo(mean(all, Math.abs), 2);
    expect(judged!.rmse).toBeCloseTo(Math.sqrt(squared), 2);
    expect(judged!.rmseInside).toBeCloseTo(Math.sqrt(mean(inside, (difference) => difference ** 2)), 2);
    expect(judged!.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / squared), 3);
    expect(judged!.cycleMae).toEqual(expect.any(Number));
  });

  it("leaves a line, a table and three slices of each", () => {
    const [head, row] = readFileSync(join(run, "evaluation", "test-AtoB.csv"), "utf8").split("\r\n");
    expect(head).toBe("name,mae,rmse,rmseInside,psnr,ssim,cycleMae");
    expect(row).toMatch(/^IXI049,/);
    // Width and height of the PNG: four columns of 64 + 64 + 64 pixels, which fit into 256.
    const sheet = readFileSync(join(run, "evaluation", "test-AtoB.png"));
    expect([sheet.readUInt32BE(16), sheet.readUInt32BE(20)]).toEqual([4 * (192 + 4) + 4, 64 + 2 * 4]);
  });

  it("says in words what the errors are counted in", async () => {
    const { stdout } = await revgan(["evaluate", "--run", run, "--split", "val"]);
    expect(stdout).toMatch(/^Volumes compared +1 +1\nMean absolute error, in units of the files +[\d.]+ +[\d.]+\n/m);
  });

  it("refuses a palette, and a split that is not there", async () => {
    expectRefused(await revgan(["evaluate", "--json", "--run", run, "--palette", "x.gpl"]), {
      exit: 2,
      code: "usage",
      says: ["--palette is for pictures"],
    });
    const untested = join(folder, "untested");
    cpSync(join(data, "val"), join(untested, "val"), { recursive: true });
    expectRefused(await revgan(["evaluate", "--json", "--run", run, "--data", untested]), {
      exit: 2,
      code: "data",
      says: ["has no test volumes", "judge the val volumes (--split val)"],
    });
  });
});

describe("translate, on volumes", () => {
  it("keeps the header and says the grid in it, in the input's type", async () => {
    const out = join(folder, "typed");
    expectDone(await revgan(["translate", "--json", "--run", run, "--direction", "AtoB", "--out", out, input]));
    const file = join(out, "IXI049.AtoB.nii.gz");
    const [before, after] = [
      await decoder.inspect(truth, undefined, { kind: "window", low: 0, high: 1 }),
      await decoder.inspect(file, undefined, { kind: "window", low: 0, high: 1 }),
    ];
    expect(after).toMatchObject({ depth: 48, height: 64, width: 64, bits: 8 });
    after.affine!.forEach((value, i) => expect(value).toBeCloseTo(before.affine![i]!, 3));
  });

  it("refuses a picture in one line", async () => {
    const root = writeTree(join(folder, "pictures"), { "a.png": noise(1, 32, 32) });
    expectRefused(await revgan(["translate", "--json", "--run", run, "--direction", "AtoB", root]), {
      exit: 2,
      code: "input",
      says: ["a.png"],
    });
  });
});
