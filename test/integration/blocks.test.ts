import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoderClient";
import { tilesFor } from "../../extension/trainer/translate/tiles";
import type { Volume } from "../../extension/trainer/volumes/volume";
import { expectDone, sharedFolder, train } from "../support/commandLine";
import { cliProgram, revgan } from "../support/programs";
import { childrenOf, residentPeak } from "../support/residentPeak";

const brains = "media/samples/brain-mini";
const head = join(brains, "test", "lr", "IXI049.nii.gz");
const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

const window = { kind: "window", low: 0, high: 255 } as const;
const volumes = {
  mode: "paired",
  engine: "native",
  "network.dimensions": 3,
  "network.inputChannels": 1,
  "network.outputChannels": 1,
  "data.folders": '{"a":"lr","b":"hr"}',
  "data.loadSize": null,
  "data.intensity.kind": window.kind,
  "data.intensity.low": window.low,
  "data.intensity.high": window.high,
  "training.sampleEvery": 0,
};

/** What a volume's file holds, in [−1, 1]. */
async function load(file: string): Promise<Volume> {
  return (await decoder.decodeVolume({ file, grid: null, interpolation: "cubic", intensity: window, crop: null, multiple: 1, flip: false, channels: 1 })).picture;
}

/** Mean |difference| of neighbours across a plane between two slices, for every such plane across an axis: the first lies before slice 1. */
function slopes({ data, depth, height, width }: Volume, axis: number): number[] {
  const length = [depth, height, width][axis]!;
  const stride = [height * width, width, 1][axis]!;
  const sums = new Float64Array(length - 1);
  for (let i = 0; i < data.length; i++) {
    const at = Math.floor(i / stride) % length;
    if (at < length - 1) sums[at]! += Math.abs(data[i + stride]! - data[i]!);
  }
  return [...sums].map((sum) => (sum * length) / data.length);
}

describe("a head of 48 × 64 × 64 voxels in blocks of 40", () => {
  const tile = 40;
  let whole: Volume;
  let inBlocks: Volume;

  beforeAll(async () => {
    const run = join(folder, "trained");
    expectDone(await train(brains, run, { ...volumes, "data.cropSize": "[24,32,32]", "network.width": 8, "network.depth": 2, "network.discriminator.width": 4, "training.maxSteps": 200, "training.lambdaL1": 1000, "training.learningRate": 0.002 }));
    const translated = async (name: string, size: number): Promise<Volume> => {
      const out = join(folder, name);
      expectDone(await revgan(["translate", "--json", "--run", run, "--direction", "AtoB", "--type", "float32", "--tile", String(size), "--out", out, head]));
      return load(join(out, "IXI049.AtoB.nii.gz"));
    };
    whole = await translated("whole", 64);
    inBlocks = await translated("blocks", tile);
  });

  it("is the whole head's translation to within 1 % of the intensity window", () => {
    const mean = (of: (value: number, i: number) => number): number => whole.data.reduce((sum, value, i) => sum + of(value, i), 0) / whole.data.length / 2;
    const centre = 2 * mean((value) => value);
    const [difference, spread] = [mean((value, i) => Math.abs(value - inBlocks.data[i]!)), mean((value) => Math.abs(value - centre))];
    console.info(`blocks differ from the whole by ${(100 * difference).toFixed(2)} % of the window; mean deviation of the head ${(100 * spread).toFixed(1)} %`);
    // The head's own variation, so that a flat one cannot pass.
    expect(spread).toBeGreaterThan(0.1);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThanOrEqual(0.01);
  });

  it.each([0, 1, 2])("has no step where blocks end (axis %i)", (axis) => {
    const sides = [whole.depth, whole.height, whole.width];
    const { windows } = tilesFor(sides, tile, 2, (length) => Math.ceil(length / 2) * 2);
    const borders = [...new Set(windows.flatMap(({ start, size }) => [start[axis]!, start[axis]! + size[axis]!]))].filter((place) => place > 0 && place < sides[axis]!);
    // How much steeper than in the whole it is, at each plane between slices.
    const before = slopes(whole, axis);
    const steeper = slopes(inBlocks, axis).map((slope, i) => slope / before[i]!);
    const sorted = [...steeper].sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)]!;
    const atBorders = borders.map((place) => steeper[place - 1]! / usual);
    console.info(`axis ${axis}: slopes across blocks' ends (${borders.join(", ")}) ${atBorders.map((ratio) => ratio.toFixed(3)).join(", ")} times what they are elsewhere, against the whole`);
    expect(borders.length).toBeGreaterThan(0);
    for (const ratio of atBorders) expect(ratio).toBeLessThanOrEqual(1.05);
  });
});

describe("a volume of 256³ voxels", () => {
  /** A NIfTI-1 file of unsigned bytes, the head over and over. */
  async function writeLarge(file: string): Promise<void> {
    const { data, depth, height, width } = await load(join(brains, "test", "hr", "IXI049.nii.gz"));
    const side = 256;
    const bytes = Buffer.alloc(352 + side ** 3);
    bytes.writeInt32LE(348, 0);
    [3, side, side, side, 1, 1, 1, 1].forEach((size, i) => bytes.writeInt16LE(size, 40 + 2 * i));
    bytes.writeInt16LE(2, 70);
    bytes.writeInt16LE(8, 72);
    [1, 1, 1, 1].forEach((size, i) => bytes.writeFloatLE(size, 76 + 4 * i));
    bytes.writeFloatLE(352, 108);
    bytes.write("n+1\0", 344, "latin1");
    for (let z = 0; z < side; z++) {
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) bytes[352 + (z * side + y) * side + x] = Math.round(127.5 * (1 + data[((z % depth) * height + (y % height)) * width + (x % width)]!));
      }
    }
    writeFileSync(file, bytes);
  }

  it.skipIf(process.platform !== "linux")("is translated in bounded memory", async () => {
    const run = join(folder, "one-step");
    expectDone(await train(brains, run, { ...volumes, "data.cropSize": 16, "network.width": 16, "network.depth": 2, "network.discriminator.layers": 1, "training.maxSteps": 1 }));
    const large = join(folder, "large.nii");
    await writeLarge(large);
    const out = join(folder, "large");
    mkdirSync(out);

    const peaks = new Map<number, number>();
    const child = spawn(process.execPath, [cliProgram, "translate", "--json", "--run", run, "--direction", "BtoA", "--out", out, large]);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const look = setInterval(() => [child.pid!, ...childrenOf(child.pid)].forEach((pid) => peaks.set(pid, Math.max(peaks.get(pid) ?? 0, residentPeak(pid)))), 100);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    clearInterval(look);
    expectDone({ code, stdout, stderr });
    const [translating, ...helpers] = [...peaks.values()];
    const words = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    console.info(`256³ at width 16: at most ${words(translating!)} resident, and ${helpers.map(words).join(", ")} in the processes that read and write files`);
    // As a whole, the widest activation alone would be 1.07 GB.
    expect(translating).toBeLessThan(1.5e9);
    expect(helpers.length).toBeGreaterThan(0);
    for (const bytes of helpers) expect(bytes).toBeLessThan(0.5e9);
  }, 300_000);
});
