import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { tilesFor } from "../../extension/trainer/translate/tiles";
import type { Volume } from "../../extension/trainer/volumes/volume";
import { brains, loadHead, volumes } from "../support/brains";
import { expectDone, sharedFolder, train } from "../support/commandLine";
import { revgan } from "../support/programs";

const head = join(brains, "test", "lr", "IXI049.nii.gz");
const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

/** Mean |gradient| along an axis, between each slice and the next. */
function gradients({ data, depth, height, width }: Volume, axis: number): number[] {
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
    expectDone(
      await train(brains, run, {
        ...volumes,
        "data.cropSize": "[24,32,32]",
        "network.width": 8,
        "network.depth": 2,
        "network.discriminator.width": 4,
        "training.maxSteps": 200,
        "training.lambdaL1": 1000,
        "training.learningRate": 0.002,
      }),
    );
    const translated = async (name: string, size: number): Promise<Volume> => {
      const out = join(folder, name);
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
          "--tile",
          String(size),
          "--out",
          out,
          head,
        ]),
      );
      return loadHead(decoder, join(out, "IXI049.AtoB.nii.gz"));
    };
    whole = await translated("whole", 64);
    inBlocks = await translated("blocks", tile);
  });

  it("is the whole head's translation to within 1 % of the intensity window", () => {
    const mean = (of: (value: number, i: number) => number): number =>
      whole.data.reduce((sum, value, i) => sum + of(value, i), 0) / whole.data.length / 2;
    const centre = 2 * mean((value) => value);
    const [difference, spread] = [
      mean((value, i) => Math.abs(value - inBlocks.data[i]!)),
      mean((value) => Math.abs(value - centre)),
    ];
    console.info(
      `blocks differ from the whole by ${(100 * difference).toFixed(2)} % of the window; mean deviation of the head ${(100 * spread).toFixed(1)} %`,
    );
    // The head's own variation, so that a flat one cannot pass.
    expect(spread).toBeGreaterThan(0.1);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThanOrEqual(0.01);
  });

  it.each([0, 1, 2])("has no step where blocks end (axis %i)", (axis) => {
    const sides = [whole.depth, whole.height, whole.width];
    const { boxes } = tilesFor(sides, tile, 2, (length) => Math.ceil(length / 2) * 2);
    const borders = [...new Set(boxes.flatMap(({ start, size }) => [start[axis]!, start[axis]! + size[axis]!]))].filter(
      (place) => place > 0 && place < sides[axis]!,
    );
    // How much steeper than the whole it is, at each border between slices.
    const before = gradients(whole, axis);
    const steeper = gradients(inBlocks, axis).map((gradient, i) => gradient / before[i]!);
    const sorted = [...steeper].sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length / 2)]!;
    const atBorders = borders.map((place) => steeper[place - 1]! / usual);
    console.info(
      `axis ${axis}: gradients across blocks' ends (${borders.join(", ")}) ${atBorders.map((ratio) => ratio.toFixed(3)).join(", ")} times what they are elsewhere, against the whole`,
    );
    expect(borders.length).toBeGreaterThan(0);
    for (const ratio of atBorders) expect(ratio).toBeLessThanOrEqual(1.05);
  });
});
