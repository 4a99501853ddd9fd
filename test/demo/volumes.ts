import { join } from "node:path";
import { sampleConfigs } from "../../extension/configuration/sampleConfigs";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { scanDataset, nameOf, type Source, sourcesOf } from "../../extension/trainer/data/dataset/dataset";
import { volumeFiles } from "../../extension/trainer/data/dataset/fileKind";
import { chooseEngine } from "../../extension/trainer/engines/chooseEngine";
import { volumeMetrics } from "../../extension/trainer/evaluate/volumeMetrics";
import type { Interpolation, Volume, GridRequest } from "../../extension/trainer/volumes/volume";
import { neighbourRegression } from "./neighbourRegression";
import { print, revgan, trainOn } from "./revgan";

const data = join(import.meta.dirname, "..", "media", "samples", "brain-mini");
const config = sampleConfigs["brain-mini"];
/** The values that decibels are counted in: all that a byte has. */
const bytes = { kind: "window", low: 0, high: 255 } as const;

/** Trains paired RevGAN on heads of low and high resolution, and prints its decibels on the test heads beside those of plain baselines. */
export async function volumeDemo(): Promise<void> {
  const { name, why } = await chooseEngine("auto");
  print(`Heads at 4 mm (A) and at 2 mm (B), 64 × 64 × 48 voxels, from the IXI data set. Engine: ${why}.`);
  const run = trainOn(data, { ...config, engine: name });
  const decoder = new DecoderClient();
  try {
    await judge(decoder, run);
  } finally {
    decoder.close();
  }
}

/** Prints the decibels of a run, and of the baselines, on the test heads. */
async function judge(decoder: DecoderClient, run: string): Promise<void> {
  const { splits } = scanDataset({ path: data, folders: config.data.folders }, "paired", volumeFiles);
  const [train, test] = [sourcesOf(splits.train), sourcesOf(splits.test)];
  const out = join(run, "demo");
  revgan(
    [
      "translate",
      "--run",
      run,
      "--direction",
      "AtoB",
      "--type",
      "float32",
      "--out",
      out,
      "--overwrite",
      ...test.a.map(({ file }) => file),
    ],
    true,
  );
  const load = (sources: readonly Source[]): Promise<Volume[]> =>
    Promise.all(sources.map(({ file }) => read(decoder, file)));
  const regression = neighbourRegression(await load(train.a), await load(train.b));

  print("\nPSNR on the test heads, in dB:");
  print("          RevGAN   trilinear   cubic   linear regression of 3 × 3 × 3 neighbours");
  for (const [i, source] of test.a.entries()) {
    const truth = await read(decoder, test.b[i]!.file);
    const [low, ours] = [
      await read(decoder, source.file),
      await read(decoder, join(out, `${nameOf(source)}.AtoB.nii.gz`)),
    ];
    const resampled = (interpolation: Interpolation): Promise<Volume> =>
      read(decoder, source.file, { like: test.b[i]!.file }, interpolation);
    const found = [ours, await resampled("trilinear"), await resampled("cubic"), { ...truth, data: regression(low) }];
    const decibels = found.map((volume) => volumeMetrics(truth, volume).psnr!.toFixed(2));
    print(`${nameOf(source)}    ${decibels.map((text, column) => text.padStart([6, 12, 8, 44][column]!)).join("")}`);
  }
  print(`\nTranslate a volume of your own:\n  node dist/cli.js translate --run ${run} --direction AtoB VOLUME`);
}

async function read(
  decoder: DecoderClient,
  file: string,
  grid: GridRequest = null,
  interpolation: Interpolation = "cubic",
): Promise<Volume> {
  return (
    await decoder.decodeVolume({
      file,
      grid,
      interpolation,
      intensity: bytes,
      crop: null,
      multiple: 1,
      flip: false,
      channels: 1,
    })
  ).picture;
}
