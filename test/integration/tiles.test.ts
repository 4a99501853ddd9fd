import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import type { Picture } from "../../extension/trainer/data/picture";
import { cropReflected, tilesFor } from "../../extension/trainer/translate/tiles";
import { extent } from "../support/full";
import { revgan } from "../support/programs";

const data = join(import.meta.dirname, "..", "..", "media", "samples", "nuclei-labels");
const side = 512;
const tile = 256;
/** Of the network's sides: two stages of downsampling. */
const multiple = 4;

/** A picture of 512² without seams of its own: 128² of tissue, mirrored again and again. */
async function largePicture(decoder: DecoderClient): Promise<Picture> {
  const request = {
    half: "left",
    loadSize: null,
    crop: null,
    multiple: 1,
    flip: false,
    channels: 3,
    alpha: false,
  } as const;
  const { picture } = await decoder.decode({ ...request, file: join(data, "test", "708eb41a3fc8.png") });
  return { ...picture, ...cropReflected(picture, { start: [50, 50], size: [side, side] }) };
}

/** Mean |difference| between neighbours across the given columns and rows, of 255. */
function gradientAt(picture: Picture, places: readonly number[]): number {
  const { data: values, width, height, channels } = picture;
  let sum = 0;
  let count = 0;
  for (const place of places) {
    for (let i = 0; i < side; i++) {
      for (let c = 0; c < channels; c++) {
        const at = (y: number, x: number): number => values[(y * width + x) * channels + c]!;
        sum += Math.abs(at(i, place) - at(i, place - 1)) + Math.abs(at(place, i) - at(place - 1, i));
        count += 2;
      }
    }
  }
  expect(height).toBe(side);
  return (127.5 * sum) / count;
}

describe("a 512² picture in tiles of 256²", () => {
  let folder: string;
  const decoder = new DecoderClient();
  const results: Record<string, { whole: Picture; tiled: Picture }> = {};
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "revgan-tiles-"));
    const run = join(folder, "run");
    const sets = [
      "network.width=8",
      "network.depth=4",
      "network.discriminator.width=16",
      "data.loadSize=72",
      "data.cropSize=64",
      `training.maxSteps=${extent(120, 400)}`,
      "training.sampleEvery=0",
    ];
    const trained = await revgan(["train", "--data", data, "--run", run, ...sets.flatMap((set) => ["--set", set])]);
    expect(trained.code, trained.stderr).toBe(0);
    const input = join(folder, "large.png");
    await decoder.encode(await largePicture(decoder), input);
    for (const direction of ["AtoB", "BtoA"] as const) {
      const pictures: Picture[] = [];
      for (const [name, size] of [
        ["whole", side],
        ["tiled", tile],
      ] as const) {
        const out = join(folder, name);
        const { code, stderr } = await revgan([
          "translate",
          "--run",
          run,
          "--direction",
          direction,
          "--out",
          out,
          "--tile",
          String(size),
          input,
        ]);
        expect(code, stderr).toBe(0);
        const request = {
          half: "whole",
          loadSize: null,
          crop: null,
          multiple: 1,
          flip: false,
          channels: 3,
          alpha: false,
        } as const;
        pictures.push((await decoder.decode({ ...request, file: join(out, `large.${direction}.png`) })).picture);
      }
      results[direction] = { whole: pictures[0]!, tiled: pictures[1]! };
    }
  });
  afterAll(async () => {
    decoder.close();
    await rm(folder, { recursive: true });
  });

  it.each(["AtoB", "BtoA"])("is the whole picture's translation to within 3 of 255 (%s)", (direction) => {
    const { whole, tiled } = results[direction]!;
    const mean =
      (127.5 * whole.data.reduce((sum, value, i) => sum + Math.abs(value - tiled.data[i]!), 0)) / whole.data.length;
    // The picture's own variation, so that a flat picture cannot pass.
    const centre = whole.data.reduce((sum, value) => sum + value, 0) / whole.data.length;
    const spread = (127.5 * whole.data.reduce((sum, value) => sum + Math.abs(value - centre), 0)) / whole.data.length;
    console.info(
      `${direction}: tiles differ from the whole by ${mean.toFixed(2)} of 255; mean deviation of the picture ${spread.toFixed(1)}`,
    );
    expect(spread).toBeGreaterThan(10);
    expect(mean).toBeLessThanOrEqual(3);
  });

  it.each(["AtoB", "BtoA"])("has no seams (%s)", (direction) => {
    const { whole, tiled } = results[direction]!;
    const { boxes } = tilesFor([side, side], tile, multiple, (length) => Math.ceil(length / multiple) * multiple);
    const borders = boxes
      .flatMap(({ start, size }) => [start[1]!, start[1]! + size[1]!])
      .filter((place, i, all) => place > 0 && place < side && all.indexOf(place) === i);
    // Upsampling by transposed convolutions gives every picture a fine pattern of this period, which has nothing to do with tiles:
    // borders are compared with places of the same phase.
    const places = Array.from({ length: side / multiple - 1 }, (_, i) => (i + 1) * multiple);
    const elsewhere = places.filter((place) => !borders.includes(place));
    const ratio = (picture: Picture): number => gradientAt(picture, borders) / gradientAt(picture, elsewhere);
    console.info(
      `${direction}: gradients across tile borders (${borders.join(", ")}) ${ratio(tiled).toFixed(3)} times those elsewhere; in the whole ${ratio(whole).toFixed(3)}`,
    );
    expect(borders.length).toBeGreaterThan(0);
    expect(ratio(tiled)).toBeLessThanOrEqual(1.05);
  });
});
