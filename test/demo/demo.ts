import { join, relative } from "node:path";
import type { TranslationDirection } from "../../extension/protocol/lines";
import { sampleConfigs } from "../../extension/configuration/sampleConfigs";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import {
  scanDataset,
  nameOf,
  type Source,
  sourcesOf,
  type Sources,
} from "../../extension/trainer/data/dataset/dataset";
import { type Picture, toSamples } from "../../extension/trainer/data/picture";
import { chooseEngine } from "../../extension/trainer/engines/chooseEngine";
import { contactSheet } from "./contactSheet";
import { print, revgan, trainOn } from "./revgan";
import { type Baseline, bestConstant, meanAbsoluteError, quadraticRegression } from "./regression";
import { volumeDemo } from "./volumes";

const data = join(import.meta.dirname, "..", "media", "samples", "nuclei-labels");

const config = sampleConfigs["nuclei-labels"];

/** Side of the pictures that the demo trains on and is judged by. */
const side = config.data.cropSize;

/** What WASM learns in about twice the time that TensorFlow takes for the larger network. */
const smaller = { network: { width: 8, depth: 2, discriminator: { width: 16 } }, maxSteps: 1200 };

/** Trains paired RevGAN on the bundled microscope pictures, translates the test pictures both ways and judges the result. */
async function main(): Promise<void> {
  const { name, why } = await chooseEngine("auto");
  print(`Stained tissue (A) and its label map (B), ${side}², from the Data Science Bowl 2018. Engine: ${why}.`);
  if (name === "wasm") print("WASM is slower, so a smaller network is trained.");
  const { network, maxSteps } =
    name === "wasm" ? smaller : { network: config.network, maxSteps: config.training.maxSteps };
  const run = trainOn(data, {
    ...config,
    network,
    training: { ...config.training, maxSteps, sampleEvery: 400, checkpointEvery: 400 },
    engine: name,
  });

  const decoder = new DecoderClient();
  try {
    await judge(decoder, run);
  } finally {
    decoder.close();
  }
}

/** Translates the test pictures with the product itself, and prints errors beside those of two plain baselines. */
async function judge(decoder: DecoderClient, run: string): Promise<void> {
  const { splits } = scanDataset({ path: data, folders: null }, "paired");
  const train = sourcesOf(splits.train);
  const test = sourcesOf(splits.test);
  const fakes = {
    AtoB: await translated(decoder, run, test.a, "AtoB"),
    BtoA: await translated(decoder, run, test.b, "BtoA"),
  };
  const pictures = { a: await load(decoder, test.a), b: await load(decoder, test.b) };
  const rows = pictures.a.map((a, i) => [a, fakes.AtoB[i]!, pictures.b[i]!, pictures.b[i]!, fakes.BtoA[i]!, a]);
  const sheet = join(run, "contact-sheet.png");
  await decoder.encode(contactSheet(rows, 2), sheet, { overwrite: true });

  const training = { a: pixels(await load(decoder, train.a)), b: pixels(await load(decoder, train.b)) };
  print(`\nMean absolute error on the ${test.a.length} test pairs, of 255:`);
  print("          RevGAN   best constant colour   quadratic regression of each pixel");
  for (const [direction, from, to] of [
    ["AtoB", "a", "b"],
    ["BtoA", "b", "a"],
  ] as const) {
    const truth = pixels(pictures[to]);
    const error = (baseline: Baseline): string => meanAbsoluteError(baseline(pixels(pictures[from])), truth).toFixed(1);
    const ours = meanAbsoluteError(pixels(fakes[direction]), truth).toFixed(1);
    const [constant, regression] = [bestConstant(training[to]), quadraticRegression(training[from], training[to])].map(
      error,
    );
    print(`${direction}      ${ours.padStart(6)}   ${constant!.padStart(20)}   ${regression!.padStart(34)}`);
  }
  print(`\nContact sheet, a row for each test pair: A, A to B, truth; B, B to A, truth:\n  ${relative("", sheet)}`);
  print(`Translate a picture of your own:\n  node dist/cli.js translate --run ${run} --direction AtoB PICTURE`);
}

/** Writes the pictures of a domain, translates their folder, and reads the results. */
async function translated(
  decoder: DecoderClient,
  run: string,
  sources: Sources["a"],
  direction: TranslationDirection,
): Promise<Picture[]> {
  const inputs = join(run, "demo", direction, "input");
  const out = join(run, "demo", direction, "output");
  const pictures = await load(decoder, sources);
  for (const [i, picture] of pictures.entries())
    await decoder.encode(picture, join(inputs, `${nameOf(sources[i]!)}.png`), { overwrite: true });
  revgan(["translate", "--run", run, "--direction", direction, "--out", out, "--overwrite", inputs], true);
  return load(
    decoder,
    sources.map((source) => ({ file: join(out, `${nameOf(source)}.${direction}.png`), half: "whole" })),
  );
}

async function load(decoder: DecoderClient, sources: readonly Source[]): Promise<Picture[]> {
  const request = {
    loadSize: { height: side, width: side },
    crop: null,
    multiple: 1,
    flip: false,
    channels: 3,
    alpha: false,
  };
  const decoded = await Promise.all(sources.map((source) => decoder.decode({ ...source, ...request })));
  return decoded.map(({ picture }) => picture);
}

function pixels(pictures: readonly Picture[]): number[] {
  return pictures.flatMap(({ data: values }) => [...toSamples(values, 8)]);
}

void (process.argv.includes("--volumes") ? volumeDemo() : main());
