import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { sampleConfigs } from "../extension/configuration/sampleConfigs";
import { RevganError } from "../extension/protocol/errors";
import type { MetricsLine } from "../extension/protocol/lines";
import { parseSampleName } from "../extension/protocol/runFileNames";
import { writeCheckpoint } from "../extension/runFolder/checkpoints";
import { pathIn, stepFolder } from "../extension/runFolder/paths";
import { readRun, writeRun } from "../extension/runFolder/runFile";
import { decodeSafetensors, safetensorsPieces } from "../extension/trainer/interop/safetensors";

const sample = "nuclei-labels";

/**
 * The sample's configuration with five times as many steps and with pictures at their own size, the size at which they are translated.
 * The discriminator is narrow, so that it takes little of the package.
 */
const { data, network, training } = sampleConfigs[sample];
const config = {
  mode: "paired",
  network: { ...network, discriminator: { width: 8 } },
  data: { ...data, loadSize: null, cropSize: 96 },
  training: { lambdaL1: training.lambdaL1, epochs: 56, decayEpochs: 34, sampleEvery: 100, checkpointEvery: 2000 },
};

/** The steps whose sample pictures are packed, besides the last step. The page plays them as a film. */
const filmSteps = [100, 300, 1000];
/** How many samples are packed of each of these steps. All of them would take most of the package. */
const pictures = 2;
/** One line of metrics is packed for this many steps. */
const thinning = 10;

/** Trains the example, and packs its run into `media/examples` of a built checkout. @param scratch folder for configuration and run */
export async function makeExample(root: string, scratch: string): Promise<void> {
  const configFile = join(scratch, "revgan.json");
  const path = join(root, "media", "samples", sample);
  await mkdir(scratch, { recursive: true });
  await writeFile(configFile, JSON.stringify({ ...config, data: { ...config.data, path } }));
  const run = join(scratch, "run");
  const args = [join(root, "dist", "cli.js"), "train", "--config", configFile, "--run", run];
  if (spawnSync(process.execPath, args, { stdio: "inherit" }).status !== 0)
    throw new RevganError("internal", "the example was not trained", "see the message above");
  await packRun(run, join(root, "media", "examples", sample));
}

/** Copies the parts of a finished run that the example needs: run.json, thinned metrics, some samples and the last checkpoint. */
export async function packRun(run: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const content = await readRun(run);
  const metrics = (await readFile(pathIn(run, "metrics"), "utf8")).trimEnd().split("\n");
  const lines = metrics.map((text) => JSON.parse(text) as MetricsLine);
  const minutes = Math.round(lines.reduce((sum, line) => sum + (line.type === "step" ? line.seconds : 0), 0) / 60);
  await writeRun(out, {
    ...content,
    name: `Example: tissue ⇄ labels, trained for ${minutes} minutes`,
    config: { ...content.config, data: { ...content.config.data, path: "." } },
  });
  await writeFile(
    pathIn(out, "metrics"),
    thinned(lines)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  );
  for (const step of [...filmSteps, content.step]) await packSamples(run, out, step);
  await packCheckpoint(stepFolder(run, "checkpoints", content.step), out, content.step);
}

/** Every tenth step line, with the mean seconds of ten steps, and all lines that are not of steps. */
function thinned(lines: readonly MetricsLine[]): MetricsLine[] {
  let since: number[] = [];
  return lines.flatMap((line): MetricsLine[] => {
    if (line.type !== "step") return [line];
    since.push(line.seconds);
    if (line.step % thinning !== 0) return [];
    const seconds = since.reduce((sum, each) => sum + each, 0) / since.length;
    since = [];
    return [{ ...line, seconds }];
  });
}

async function packSamples(run: string, out: string, step: number): Promise<void> {
  const [from, to] = [stepFolder(run, "samples", step), stepFolder(out, "samples", step)];
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from))
    if ((parseSampleName(name)?.index ?? Infinity) < pictures)
      await sharp(join(from, name)).png({ compressionLevel: 9, adaptiveFiltering: true }).toFile(join(to, name));
  await cp(`${from}.json`, `${to}.json`);
}

/**
 * Copies a checkpoint with shortened moments of Adam: they keep 3 of the 23 bits of their float32 fractions, so that they compress to a
 * quarter of the size. They are means over many steps, of which Adam needs only the order of magnitude.
 */
async function packCheckpoint(from: string, out: string, step: number): Promise<void> {
  const names = (await readdir(from)).filter((name) => name !== "SHA256SUMS");
  const files = new Map<string, Uint8Array | Uint8Array[]>();
  for (const name of names) files.set(name, await readFile(join(from, name)));
  const name = "optimizer.safetensors";
  const moments = decodeSafetensors(await readFile(join(from, name)), join(from, name));
  for (const { data: numbers } of moments.values()) {
    const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
    for (const [i, each] of bits.entries()) bits[i] = each & 0xfff00000;
  }
  files.set(name, safetensorsPieces(moments));
  await writeCheckpoint(out, step, files, { keep: 1 });
}
