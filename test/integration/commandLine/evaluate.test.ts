import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationLine } from "../../../extension/protocol/lines";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { toSamples } from "../../../extension/trainer/data/picture";
import {
  expectDone,
  expectRefused,
  filesBelow,
  metricsOf,
  ofType,
  sharedFolder,
  train,
} from "../../support/commandLine";
import { evaluate, evaluated } from "../../support/evaluation";
import { noise, pngBytes, type TestImage, wholeImage, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

const colours = [
  [0, 0, 96],
  [255, 160, 0],
  [255, 255, 255],
];

/** A label map of noise, in three colours, and a picture of noise on its left. */
function labelled(seed: number, height: number, width: number): TestImage {
  const { samples: photo } = noise(seed, height, width);
  const { samples: draws } = noise(seed + 1, height, width, 1);
  const samples = new Uint8Array(height * width * 6);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = (Math.floor(pixel / width) * 2 * width + (pixel % width)) * 3;
    samples.set(photo.subarray(pixel * 3, pixel * 3 + 3), at);
    samples.set(colours[draws[pixel]! % 3]!, at + width * 3);
  }
  return { height, width: 2 * width, channels: 3, bits: 8, samples };
}

async function samplesOf(file: string, half: "whole" | "left" | "right" = "whole"): Promise<number[]> {
  const { picture } = await decoder.decode(wholeImage(file, { half, channels: 3 }));
  return [...toSamples(picture.data, picture.bits)];
}

const meanError = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;

describe("evaluate, on pairs side by side", () => {
  const data = writeTree(join(folder, "pairs"), {
    "train/1.png": labelled(1, 36, 40),
    "train/2.png": labelled(3, 36, 40),
    "val/3.png": labelled(5, 36, 40),
    "test/4.png": labelled(7, 33, 47),
    "test/5.png": labelled(9, 32, 44),
  });
  const run = join(folder, "pairs-run");
  let lines: EvaluationLine[];

  beforeAll(async () => {
    expectDone(await train(data, run, { mode: "paired", "training.maxSteps": 3, "training.sampleEvery": 0 }));
    lines = await evaluated(run);
  });

  it("prints a line for each direction, with the whole set's figures and each picture's", () => {
    expect(lines.map(({ direction, images }) => [direction, images])).toEqual([
      ["AtoB", 2],
      ["BtoA", 2],
    ]);
    const [there, back] = lines as [EvaluationLine, EvaluationLine];
    expect(Object.keys(there.metrics).sort()).toEqual([
      "classAccuracy",
      "classIoU",
      "constantMae",
      "cycleMae",
      "mae",
      "parameters",
      "peakBytes",
      "pixelAccuracy",
      "psnr",
      "rmse",
      "secondsPerStep",
      "ssim",
    ]);
    // Noise is no label map.
    expect(Object.keys(back.metrics).sort()).toEqual([
      "constantMae",
      "cycleMae",
      "mae",
      "parameters",
      "peakBytes",
      "psnr",
      "rmse",
      "secondsPerStep",
      "ssim",
    ]);
    for (const { metrics, perImage } of lines) {
      expect(perImage.map(({ name }) => name)).toEqual(["4", "5"]);
      for (const key of ["mae", "psnr", "ssim", "rmse", "cycleMae"])
        expect(metrics[key]).toBeCloseTo(((perImage[0]![key] as number) + (perImage[1]![key] as number)) / 2, 10);
    }
  });

  it("judges the very pictures that translate writes, at their full size", async () => {
    const [halves, out] = [join(folder, "halves"), join(folder, "translated")];
    for (const name of ["4", "5"]) {
      for (const half of ["left", "right"] as const) {
        const { picture } = await decoder.decode(wholeImage(join(data, "test", `${name}.png`), { half }));
        await decoder.encode(picture, join(halves, half, `${name}.png`));
      }
    }
    const translate = async (direction: string, from: string): Promise<unknown> =>
      expectDone(
        await revgan([
          "translate",
          "--json",
          "--run",
          run,
          "--direction",
          direction,
          "--out",
          join(out, direction),
          from,
        ]),
      );
    await translate("AtoB", join(halves, "left"));
    for (const [i, name] of ["4", "5"].entries()) {
      const file = join(out, "AtoB", `${name}.AtoB.png`);
      const own = lines[0]!.perImage[i]!;
      expect(own["mae"]).toBeCloseTo(
        meanError(await samplesOf(file), await samplesOf(join(halves, "right", `${name}.png`))),
        10,
      );
      await translate("BtoA", file);
      expect(own["cycleMae"]).toBeCloseTo(
        meanError(
          await samplesOf(join(out, "BtoA", `${name}.AtoB.BtoA.png`)),
          await samplesOf(join(halves, "left", `${name}.png`)),
        ),
        10,
      );
    }
  });

  it("counts labels by the nearest colour of the training pictures", async () => {
    const nearest = (pixel: readonly number[]): number => {
      const away = colours.map((colour) => colour.reduce((sum, value, i) => sum + (value - pixel[i]!) ** 2, 0));
      return away.indexOf(Math.min(...away));
    };
    let [right, all] = [0, 0];
    for (const name of ["4", "5"]) {
      const found = await samplesOf(join(folder, "translated", "AtoB", `${name}.AtoB.png`));
      const truth = await samplesOf(join(data, "test", `${name}.png`), "right");
      for (let at = 0; at < truth.length; at += 3, all++)
        right += Number(nearest(found.slice(at, at + 3)) === nearest(truth.slice(at, at + 3)));
    }
    expect(lines[0]!.metrics["pixelAccuracy"]).toBe(right / all);
  });

  it("tells what the run's steps needed", () => {
    const steps = ofType(metricsOf(run), "step");
    const costs = {
      peakBytes: Math.max(...steps.map(({ bytes }) => bytes.peak)),
      secondsPerStep: Number(
        steps
          .map(({ seconds }) => seconds)
          .sort((x, y) => x - y)[1]!
          .toPrecision(6),
      ),
    };
    for (const { metrics } of lines) expect(metrics).toMatchObject(costs);
    expect(lines[0]!.metrics["parameters"]).toBe(lines[1]!.metrics["parameters"]);
  });

  it("tells how far it is where that is asked for", async () => {
    const all = expectDone(await evaluate(run, "--progress"));
    expect(
      all.map((line) => (line.type === "evaluationProgress" ? `${line.direction} ${line.done}/${line.of}` : line.type)),
    ).toEqual(["AtoB 0/2", "AtoB 1/2", "AtoB 2/2", "evaluation", "BtoA 0/2", "BtoA 1/2", "BtoA 2/2", "evaluation"]);
  });

  it("leaves a line, a table and the worst cases for each direction", async () => {
    const files = ["AtoB", "BtoA"].flatMap((direction) =>
      ["csv", "json", "png"].map((ending) => `test-${direction}.${ending}`),
    );
    expect(filesBelow(join(run, "evaluation"))).toEqual(files);
    expect(JSON.parse(readFileSync(join(run, "evaluation", "test-AtoB.json"), "utf8"))).toEqual(lines[0]);
    const [head, ...rows] = readFileSync(join(run, "evaluation", "test-AtoB.csv"), "utf8")
      .trimEnd()
      .split("\r\n")
      .map((row) => row.split(","));
    expect(
      rows.map((row) =>
        Object.fromEntries(row.map((cell, i): [string, string | number] => [head![i]!, i === 0 ? cell : Number(cell)])),
      ),
    ).toEqual(lines[0]!.perImage);
    const { picture } = await decoder.decode(wholeImage(join(run, "evaluation", "test-AtoB.png")));
    // Two rows of four pictures, 47 and 44 wide: five times as large.
    expect([picture.width, picture.height]).toEqual([4 + 4 * (5 * 47 + 4), 4 + 2 * (5 * 33 + 4)]);
  });

  it("takes the other split, another folder for the files, and data that have nothing but what is judged", async () => {
    const out = join(folder, "elsewhere");
    const [there] = await evaluated(run, "--split", "val", "--out", out);
    expect([there!.images, filesBelow(out).length]).toEqual([1, 6]);
    expect(filesBelow(out)[0]).toBe("val-AtoB.csv");
    const alone = writeTree(join(folder, "alone"), {
      "test/4.png": readFileSync(join(data, "test", "4.png")),
      "test/5.png": readFileSync(join(data, "test", "5.png")),
    });
    const without = (line: EvaluationLine): object => ({ ...line.metrics, secondsPerStep: null });
    expect((await evaluated(run, "--data", alone)).map(without)).toEqual(lines.map(without));
  });

  it("gives a named palette to the domain that it fits", async () => {
    const palette = join(folder, "cells.gpl");
    writeFileSync(
      palette,
      "GIMP Palette\nName: Cells\n#\n0 0 96 background\n255 160 0 nucleus\n255 255 255 boundary\n",
    );
    const [there, back] = await evaluated(run, "--palette", palette);
    expect(there!.metrics["classIoU"]).toBe(lines[0]!.metrics["classIoU"]);
    expect(back!.metrics["classIoU"]).toBeUndefined();
    writeFileSync(palette, "0 0 96\n");
    expectRefused(await evaluate(run, "--palette", palette), {
      exit: 2,
      code: "input",
      says: [palette, "only one colour"],
    });
    rmSync(palette);
    expectRefused(await evaluate(run, "--palette", palette), {
      exit: 2,
      code: "input",
      says: [palette, "cannot be read"],
    });
  });

  it("tells people the same in a table, in words", async () => {
    const { code, stdout } = await revgan(["evaluate", "--run", run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +A to B +B to A\nPictures compared +2 +2\nMean absolute error, of 255 +[\d.]+ +[\d.]+\n/);
    expect(stdout).toContain(`PSNR, dB`);
    expect(stdout).toMatch(new RegExp(`Class IoU +${lines[0]!.metrics["classIoU"]!.toFixed(4)}\n`));
    expect(stdout).toContain(`${join(run, "evaluation", "test-BtoA")}.{json,csv,png}\n`);
  });

  it("refuses what it cannot judge in one line", async () => {
    expectRefused(await evaluate(run, "--split", "train"), {
      exit: 2,
      code: "usage",
      says: ["--split must be test or val, not train"],
    });
    expectRefused(await evaluate(join(folder, "nothing")), {
      exit: 2,
      code: "run",
      says: [join(folder, "nothing"), "is no run"],
    });
    expectRefused(await revgan(["evaluate", "--json"]), { exit: 2, code: "usage", says: ["needs --run"] });
    const untested = writeTree(join(folder, "untested"), {
      "train/1.png": noise(1, 36, 80),
      "val/1.png": noise(2, 36, 80),
    });
    expectRefused(await evaluate(run, "--data", untested), {
      exit: 2,
      code: "data",
      says: [untested, "has no test pictures", "judge the val pictures (--split val)"],
    });
    const broken = writeTree(join(folder, "broken"), {
      "test/1.png": noise(1, 36, 80),
      "test/2.png": pngBytes(noise(2, 36, 80)).subarray(0, 900),
    });
    expectRefused(await evaluate(run, "--data", broken), {
      exit: 2,
      code: "data",
      says: [join(broken, "test", "2.png"), "is damaged"],
    });
    const unequal = writeTree(join(folder, "unequal"), {
      "testA/1.png": noise(1, 36, 40),
      "testB/1.png": noise(2, 36, 36),
    });
    expectRefused(await evaluate(run, "--data", unequal), {
      exit: 2,
      code: "data",
      says: [join(unequal, "testA", "1.png"), "40 × 36", "36 × 36"],
    });
  });

  it("refuses a run without a checkpoint", async () => {
    const bare = writeTree(join(folder, "bare"), { "run.json": readFileSync(join(run, "run.json"), "utf8") });
    expectRefused(await evaluate(bare), { exit: 2, code: "checkpoint", says: [bare, "has no whole checkpoint"] });
  });
});
