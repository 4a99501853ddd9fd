import { execFileSync } from "node:child_process";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readRun } from "../../../extension/runFolder/runFile";
import { directionsOf } from "../../../extension/configuration/networkKind";
import { channels, type HostTensor } from "../../../extension/trainer/kernels/tensor";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { pixelsOf, toSamples } from "../../../extension/trainer/data/picture";
import { weightsOfRun } from "../../../extension/trainer/training/checkpointFiles";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { Translator } from "../../../extension/trainer/translate/translator";
import { gaussian, largestDifference } from "../../support/arrays";
import { brains, writeLargeHead } from "../../support/brains";
import { expectDone, sharedFolder, train } from "../../support/commandLine";
import { kernelsOf, networkEngines } from "../../support/engines";
import { noise, writeTree } from "../../support/images";
import { channelsFirst, channelsLast } from "../../support/onnx";
import { onnxPython, seenByPython } from "../../support/onnxPython";
import { revgan } from "../../support/programs";
import { codeBlocks, textOf } from "../../unit/documents/documents";

type Settings = Readonly<Record<string, unknown>>;
type Sides = readonly (readonly number[])[];

// A processor that acts as a GPU takes its time, the more so beside other work.
vi.setConfig({ testTimeout: 600_000 });

const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

const trained = {
  "training.maxSteps": 20,
  "training.learningRate": 0.005,
  "training.sampleEvery": 0,
  "network.depth": 3,
};
const unpaired = { mode: "unpaired" };
const cyclegan = { ...unpaired, "network.kind": "cyclegan" };
const pix2pix = { "network.kind": "pix2pix" };
const unet = (side: number): Settings => ({
  ...pix2pix,
  "network.generator": `unet${side}`,
  "network.depth": Math.log2(side),
  "data.cropSize": side,
});
const batch = { "network.norm": "batch" };
const dropout = { "network.dropout": true };
const affine = { "network.coupling": "affine" };

/** Of pictures, with how many levels. */
const unets: readonly [number, Settings, Sides][] = [
  [
    128,
    {},
    [
      [100, 150],
      [128, 70],
      [130, 60],
    ],
  ],
  [
    256,
    { ...batch, ...dropout },
    [
      [200, 300],
      [256, 130],
      [90, 250],
    ],
  ],
];
const ofPictures: readonly [string, Settings][] = [
  ["RevGAN", unpaired],
  ["RevGAN in pairs", { mode: "paired", "network.downsampling": 1 }],
  ["RevGAN with affine couplings", { ...unpaired, ...affine }],
  ["RevGAN from gray to colour", { ...unpaired, "network.inputChannels": 1, "network.depth": 9 }],
  ["CycleGAN", cyclegan],
  ["CycleGAN with batch norms and dropout", { ...cyclegan, ...batch, ...dropout }],
  ["pix2pix", pix2pix],
  ["pix2pix with batch norms", { ...pix2pix, ...batch }],
];
const ofVolumes: readonly [string, Settings][] = [
  ["RevGAN", unpaired],
  ["RevGAN in pairs, with affine couplings", { mode: "paired", ...affine }],
  ["CycleGAN", cyclegan],
  ["pix2pix with batch norms", { ...pix2pix, ...batch }],
];
const volumes = {
  "network.dimensions": 3,
  "network.inputChannels": 1,
  "network.outputChannels": 1,
  "data.folders": '{"a":"lr","b":"hr"}',
};

/** Trains a small network by the command line and exports it; returns the run. */
async function exportedRun(name: string, data: string, settings: Settings): Promise<string> {
  const run = join(folder, name.replaceAll(/\W+/g, "-"));
  expectDone(await train(data, run, { ...trained, ...settings }));
  const ended = await revgan(["export", "--run", run, "--format", "onnx", "--out", `${run}.onnx`]);
  expect(ended.code, ended.stderr).toBe(0);
  return run;
}

/** The inputs translated by an engine as `translate` does, of dropout without its mask, as 8 bits. */
async function translated(
  engine: (typeof networkEngines)[number],
  run: string,
  direction: "AtoB" | "BtoA",
  inputs: readonly HostTensor[],
): Promise<Uint8Array[]> {
  const kernels = await kernelsOf(engine);
  const weights = await weightsOfRun(run, (text) => expect.fail(text));
  const masks = { begin: () => undefined, next: (count: number) => new Float32Array(count).fill(1) };
  const model = openNetwork(kernels, weights.config, weights, { exact: false, masks });
  const translator = new Translator(kernels, model, weights.config.network, null);
  const results: Uint8Array[] = [];
  for (const { shape, data } of inputs) {
    const picture = pixelsOf(data, shape.slice(1, -1), channels(shape));
    results.push(eightBits((await translator.translate(picture, direction, () => Promise.resolve())).data));
  }
  disposeNetwork(model);
  return results;
}

function eightBits(values: Float32Array): Uint8Array {
  return toSamples(values, 8) as Uint8Array;
}

/** Checks the models of a run, and compares what they make of noise with what our engines make of it. */
async function expectEqual(run: string, allSides: Sides): Promise<void> {
  const { network } = (await readRun(run)).config;
  const ways = directionsOf(network);
  const jobs = ways.map((direction) => ({
    model: ways.length === 1 ? run + ".onnx" : `${run}.${direction}.onnx`,
    images: allSides.map((sides, seed): HostTensor => {
      const shape = [1, ...sides, direction === "AtoB" ? network.inputChannels : network.outputChannels];
      return { shape, data: gaussian(shape, seed).map((value) => Math.max(-1, Math.min(1, value / 2))) };
    }),
  }));
  const seen = seenByPython(
    folder,
    jobs.map(({ model, images }) => ({ model, inputs: images.map(channelsFirst) })),
  );
  for (const [i, direction] of ways.entries()) {
    const { opset, unknown, dims, outputs } = seen[i]!;
    const [from, to] =
      direction === "AtoB"
        ? [network.inputChannels, network.outputChannels]
        : [network.outputChannels, network.inputChannels];
    const sides = ["depth", "height", "width"].slice(-network.dimensions);
    expect({ opset, unknown, dims }).toEqual({
      opset: 21,
      unknown: [],
      dims: [
        ["image", ["n", from, ...sides]],
        ["translation", ["n", to, ...sides]],
      ],
    });
    const theirs = outputs.map((data, at) => eightBits(channelsLast({ shape: [1, to, ...allSides[at]!], data }).data));
    for (const engine of networkEngines) {
      for (const [at, ours] of (await translated(engine, run, direction, jobs[i]!.images)).entries()) {
        expect(theirs[at]).toHaveLength(ours.length);
        const worst = largestDifference(theirs[at]!, ours);
        console.info(
          `${run.slice(folder.length + 1)} ${direction} ${allSides[at]!.join("×")} on ${engine}: at most ${worst} of 255`,
        );
        expect(worst).toBeLessThanOrEqual(1);
        // It is not one colour, for which every network is right.
        expect(new Set(ours).size).toBeGreaterThan(20);
      }
    }
  }
}

const pictures = "media/samples/nuclei-labels";

describe("onnx takes the models of pictures, and onnxruntime translates as we do:", () => {
  it.each(ofPictures)("%s", async (name, settings) => {
    await expectEqual(await exportedRun(name, pictures, settings), [
      [33, 47],
      [64, 20],
      [50, 71],
    ]);
  });

  it.each(unets)("pix2pix with a U-Net for %i²", async (side, settings, sides) => {
    const own = { ...unet(side), ...settings, "data.loadSize": side };
    await expectEqual(await exportedRun(`U-Net for ${side}`, pictures, own), sides);
  });
});

describe("onnx takes the models of volumes, and onnxruntime translates as we do:", () => {
  it.each(ofVolumes)("%s", async (name, settings) => {
    const run = await exportedRun(`${name} of volumes`, brains, { ...volumes, "data.cropSize": 16, ...settings });
    await expectEqual(run, [
      [9, 14, 19],
      [20, 8, 11],
      [12, 25, 10],
    ]);
  });

  it("pix2pix with a U-Net for 128³", async () => {
    const data = writeTree(join(folder, "large"), { "train/lr/none": "", "train/hr/none": "" });
    for (const domain of ["lr", "hr"]) await writeLargeHead(decoder, join(data, "train", domain, "large.nii"), 128);
    const own = { ...unet(128), "network.width": 2, "training.maxSteps": 2, engine: "native" };
    await expectEqual(await exportedRun("U-Net of volumes", data, { ...volumes, ...own }), [[100, 128, 90]]);
  });
});

it("the example in docs/export.md translates a picture as `revgan translate` does", async () => {
  const run = await exportedRun("zebras", "media/samples/nuclei-labels", unpaired);
  writeTree(folder, { "horse.png": noise(1, 45, 62) });
  const example = codeBlocks(textOf("docs/export.md")).find(
    (block) => block.includes("import onnxruntime") || block.includes("onnxruntime\n"),
  );
  execFileSync(onnxPython(), ["-c", example!], { cwd: folder });
  const ended = await revgan(["translate", "--run", run, "--direction", "AtoB", join(folder, "horse.png")]);
  expect(ended.code, ended.stderr).toBe(0);
  const [theirs, ours] = await Promise.all(
    ["zebra.png", "horse.AtoB.png"].map((name) =>
      sharp(join(folder, name)).raw().toBuffer({ resolveWithObject: true }),
    ),
  );
  expect(theirs!.info).toMatchObject({ width: 62, height: 45, channels: 3 });
  expect(largestDifference(theirs!.data, ours!.data)).toBeLessThanOrEqual(1);
});
