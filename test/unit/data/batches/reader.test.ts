import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { DecoderClient } from "../../../../extension/trainer/data/decoder/decoderClient";
import { imageSettings, type ImageSettings } from "../../../../extension/trainer/data/dataset/imageSettings";
import { volumeFiles } from "../../../../extension/trainer/data/dataset/fileKind";
import { scanDataset, type Mode, sourcesOf } from "../../../../extension/trainer/data/dataset/dataset";
import { BatchReader, type DecodedBatch, type ReaderOptions } from "../../../../extension/trainer/data/batches";
import { LeftOut } from "../../../../extension/trainer/data/leftOut";
import { DataGone } from "../../../../extension/protocol/errors";
import type { HostTensor } from "../../../../extension/trainer/kernels/tensor";
import { noise, plainSettings, temporaryFolder } from "../../../support/images";

function reader(
  path: string,
  mode: Mode,
  settings: ImageSettings,
  options: ReaderOptions = {},
  decoder = new DecoderClient(),
): BatchReader {
  const made = new BatchReader(
    decoder,
    sourcesOf(scanDataset({ path, folders: null }, mode).splits.train),
    settings,
    options,
  );
  onTestFinished(() => {
    made.close();
    decoder.close();
  });
  return made;
}

async function batches(from: BatchReader, count: number): Promise<DecodedBatch[]> {
  const read: DecodedBatch[] = [];
  for (let i = 0; i < count; i++) read.push(await from.next());
  return read;
}

/** Files named by their number, of one colour each: `a` darker, `b` brighter. */
const plain = (value: number) =>
  ({ height: 12, width: 12, channels: 3, bits: 8, samples: new Uint8Array(12 * 12 * 3).fill(value) }) as const;
const colours = ({ shape, data }: HostTensor): number[] =>
  Array.from({ length: shape[0]! }, (_, i) => Math.round((data[(i * data.length) / shape[0]!]! + 1) * 127.5));
const dataset = (): string =>
  temporaryFolder({
    ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`trainA/${i}.png`, plain(i)])),
    ...Object.fromEntries([0, 1, 2].map((i) => [`trainB/${i}.png`, plain(100 + i)])),
  });

describe("the reader", () => {
  it("gives the batches of the steps in order, with their shapes", async () => {
    const all = await batches(
      reader(dataset(), "unpaired", plainSettings({ batchSize: 2, multiple: 4, channels: { a: 3, b: 1 } })),
      4,
    );
    expect(all.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(all.map(({ a, b }) => [colours(a), colours(b)])).toEqual([
      [
        [0, 1],
        [100, 101],
      ],
      [
        [2, 3],
        [102, 100],
      ],
      [
        [4, 0],
        [101, 100],
      ],
      [
        [0, 1],
        [100, 101],
      ],
    ]);
    expect([all[0]!.a.shape, all[0]!.b.shape]).toEqual([
      [2, 12, 12, 3],
      [2, 12, 12, 1],
    ]);
    expect(all[1]!.a.data).toEqual(
      Float32Array.from({ length: 2 * 12 * 12 * 3 }, (_, i) => (i < 12 * 12 * 3 ? 2 : 3) / 127.5 - 1),
    );
  });

  it("gives each of several processes its part of every batch", async () => {
    const settings = plainSettings({ batchSize: 4, shuffle: true, seed: 3 });
    const read = (part: number, parts: number): Promise<DecodedBatch[]> =>
      batches(reader(dataset(), "unpaired", settings, { share: { part, parts } }), 3);
    const [whole, ...parts] = [await read(0, 1), await read(0, 2), await read(1, 2)];
    for (const [i, { a, b }] of whole.entries()) {
      expect(parts.flatMap((each) => colours(each[i]!.a))).toEqual(colours(a));
      expect(parts.flatMap((each) => colours(each[i]!.b))).toEqual(colours(b));
    }
  });

  it("gives from step k on what the uninterrupted reading gave", async () => {
    const root = temporaryFolder(
      Object.fromEntries(
        [0, 1, 2, 3].flatMap((i) => [
          [`trainA/${i}.png`, noise(i, 20, 24)],
          [`trainB/${i}.png`, noise(10 + i, 30, 21)],
        ]),
      ),
    );
    const settings = plainSettings({
      shuffle: true,
      flip: true,
      batchSize: 2,
      seed: 7,
      loadSize: { height: 18, width: 18 },
      cropSize: { height: 16, width: 12 },
    });
    const whole = await batches(reader(root, "unpaired", settings), 9);
    const rest = await batches(reader(root, "unpaired", settings, { firstStep: 5, ahead: 1 }), 5);
    expect(rest).toEqual(whole.slice(4));
    expect(new Set(whole.map(({ a }) => String(a.data.slice(0, 9)))).size).toBe(9);
  });

  it("crops and flips a pair alike, in one file or in two, and unpaired images each for itself", async () => {
    const image = noise(5, 20, 20);
    const rows = Array.from({ length: 20 }, (_, y) => image.samples.slice(y * 60, y * 60 + 60));
    const twice = { ...image, width: 40, samples: Uint8Array.from(rows.flatMap((row) => [...row, ...row])) };
    const two = temporaryFolder({ "trainA/x.png": image, "trainB/x.png": image });
    const one = temporaryFolder({ "train/x.png": twice });
    const settings = plainSettings({ paired: true, shuffle: true, flip: true, cropSize: { height: 8, width: 8 } });
    const pairs = await batches(reader(two, "paired", settings), 6);
    for (const { a, b } of pairs) expect(b).toEqual(a);
    expect(await batches(reader(one, "paired", settings), 6)).toEqual(pairs);
    for (const { a, b } of await batches(reader(two, "unpaired", { ...settings, paired: false }), 6))
      expect(b.data).not.toEqual(a.data);
  });

  it("reads ahead of the asking, and not without bound", async () => {
    const decoder = new DecoderClient();
    const asked: string[] = [];
    const decode = decoder.decode.bind(decoder);
    decoder.decode = (request, signal) => {
      asked.push(request.file);
      return decode(request, signal);
    };
    const reading = reader(dataset(), "unpaired", plainSettings(), {}, decoder);
    await sleep(300);
    expect(asked).toHaveLength(10);
    await reading.next();
    await sleep(50);
    expect(asked).toHaveLength(12);
  });

  it("ends after the last step", async () => {
    const reading = reader(dataset(), "unpaired", plainSettings(), { firstStep: 2, lastStep: 3 });
    expect((await batches(reading, 2)).map(({ step }) => step)).toEqual([2, 3]);
    await expect(reading.next()).rejects.toThrow("no batch after step 3");
  });

  it("names a file that has vanished, at the step that needs it", async () => {
    const root = dataset();
    rmSync(join(root, "trainA/1.png"));
    const sources = {
      a: [0, 1].map((i) => ({ file: join(root, `trainA/${i}.png`), half: "whole" as const })),
      b: [{ file: join(root, "trainB/0.png"), half: "whole" as const }],
    };
    const decoder = new DecoderClient();
    const reading = new BatchReader(decoder, sources, plainSettings());
    onTestFinished(() => {
      reading.close();
      decoder.close();
    });
    expect(colours((await reading.next()).a)).toEqual([0]);
    await expect(reading.next()).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining(join(root, "trainA/1.png")) as string,
    });
  });

  it("refuses unequal pairs and batches of several sizes, by name", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 8, 8),
      "trainA/2.png": noise(1, 9, 8),
      "trainB/1.png": noise(2, 8, 9),
      "trainB/2.png": noise(2, 9, 8),
    });
    await expect(reader(root, "paired", plainSettings({ paired: true })).next()).rejects.toThrow(
      `${join(root, "trainA/1.png")} is 8 × 8 pixels and its partner`,
    );
    await expect(reader(root, "unpaired", plainSettings({ batchSize: 2 })).next()).rejects.toThrow(
      "images of one size",
    );
  });

  it("is interrupted by close", async () => {
    const reading = reader(dataset(), "unpaired", plainSettings());
    reading.close();
    await expect(reading.next()).rejects.toMatchObject({ code: "interrupted" });
  });

  it("understands the configuration", () => {
    const settings = imageSettings({
      mode: "paired",
      network: {
        generator: "resnet",
        dimensions: 2,
        downsampling: 3,
        discriminator: { layers: 3 },
        inputChannels: 3,
        outputChannels: 1,
      },
      data: {
        loadSize: 286,
        cropSize: [128, 256],
        flip: true,
        shuffle: false,
        intensity: { kind: "percentile", low: 0.5, high: 99.5 },
        interpolation: "cubic",
        upsampling: null,
      },
      training: { seed: 4, batchSize: 2 },
    });
    expect(settings).toEqual({
      paired: true,
      shuffle: false,
      flip: true,
      batchSize: 2,
      seed: 4,
      loadSize: { height: 286, width: 286 },
      cropSize: { height: 128, width: 256 },
      multiple: 8,
      smallest: 24,
      channels: { a: 3, b: 1 },
      volumes: null,
    });
  });
});

describe("the reader of volumes", () => {
  const pairs = (changes: Partial<ImageSettings>): { settings: ImageSettings; from: BatchReader } => {
    const volumes = {
      intensity: { kind: "percentile", low: 0.5, high: 99.5 },
      interpolation: "trilinear",
      upsampling: { a: [2, 2, 2], b: [1, 1, 1] },
    } as const;
    const settings = plainSettings({
      paired: true,
      shuffle: true,
      flip: true,
      batchSize: 2,
      multiple: 2,
      channels: { a: 1, b: 1 },
      cropSize: { depth: 16, height: 24, width: 32 },
      volumes,
      ...changes,
    });
    const { splits } = scanDataset(
      { path: "media/samples/brain-mini", folders: { a: "lr", b: "hr" } },
      "paired",
      volumeFiles,
    );
    const decoder = new DecoderClient();
    const from = new BatchReader(decoder, sourcesOf(splits.train), settings);
    onTestFinished(() => {
      from.close();
      decoder.close();
    });
    return { settings, from };
  };

  it("gives patches of pairs from the same place, on the finer grid, flipped alike", async () => {
    for (const { a, b } of await batches(pairs({}).from, 6)) {
      expect([a.shape, b.shape]).toEqual([
        [2, 16, 24, 32, 1],
        [2, 16, 24, 32, 1],
      ]);
      const [meanA, meanB] = [a, b].map(({ data }) => data.reduce((sum, value) => sum + value, 0) / data.length) as [
        number,
        number,
      ];
      let [both, squaresA, squaresB] = [0, 0, 0];
      for (const [i, value] of a.data.entries()) {
        both += (value - meanA) * (b.data[i]! - meanB);
        squaresA += (value - meanA) ** 2;
        squaresB += (b.data[i]! - meanB) ** 2;
      }
      expect(both / Math.sqrt(squaresA * squaresB)).toBeGreaterThan(0.8);
    }
  });

  it("gives other patches at every step, and the same ones again", async () => {
    const [once, again] = [await batches(pairs({}).from, 4), await batches(pairs({}).from, 4)];
    expect(again).toEqual(once);
    expect(new Set(once.map(({ a }) => String(a.data.slice(4000, 4100)))).size).toBe(4);
  });
});

describe("files that cannot be used", () => {
  const bad = (): string =>
    temporaryFolder({
      ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`trainA/${i}.png`, i === 2 ? "?" : plain(i)])),
      ...Object.fromEntries([0, 1, 2].map((i) => [`trainB/${i}.png`, i === 1 ? "?" : plain(100 + i)])),
    });
  const settings = plainSettings({ shuffle: true, multiple: 4 });
  const seen = async (from: BatchReader, count: number): Promise<number[][]> =>
    (await batches(from, count)).map(({ a, b }) => [...colours(a), ...colours(b)]);

  it("are replaced by the next in order, and noted once; all other images stay where they are", async () => {
    const whole = await seen(reader(dataset(), "unpaired", settings), 10);
    const root = bad();
    const noted: string[] = [];
    const leftOut = new LeftOut();
    await leftOut.recordWith(({ file }) => Promise.resolve(void noted.push(file)));
    const replaced = await seen(reader(root, "unpaired", settings, { leftOut }), 10);
    expect(noted.sort()).toEqual([join(root, "trainA/2.png"), join(root, "trainB/1.png")]);
    for (const [i, [a, b]] of replaced.entries()) {
      const epoch = whole.slice(i < 5 ? 0 : 5, i < 5 ? 5 : 10).map(([one]) => one!);
      expect(a).toBe(whole[i]![0] === 2 ? epoch[(epoch.indexOf(2) + 1) % 5] : whole[i]![0]);
      expect(b).toBe(whole[i]![1] === 101 ? 102 : whole[i]![1]);
    }
    // As in a run that is resumed after the files were repaired.
    const resumed = reader(dataset(), "unpaired", settings, { firstStep: 4, leftOut: new LeftOut() });
    expect(await seen(resumed, 7)).toEqual(whole.slice(3));
    const again = temporaryFolder(
      Object.fromEntries(
        [0, 1, 2, 3, 4].flatMap((i) => [
          [`trainA/${i}.png`, plain(i)],
          [`trainB/${i % 3}.png`, plain(100 + (i % 3))],
        ]),
      ),
    );
    const known = ["trainA/2.png", "trainB/1.png"].map((name) => ({ file: join(again, name), reason: "", remedy: "" }));
    expect(
      await seen(reader(again, "unpaired", settings, { leftOut: new LeftOut(() => undefined, known) }), 10),
    ).toEqual(replaced);
  });

  it("are errors that name the file otherwise", async () => {
    const reading = reader(bad(), "unpaired", { ...settings, shuffle: false });
    await reading.next();
    await expect(reading.next()).rejects.toMatchObject({
      code: "data",
      message: expect.stringContaining("trainB/1.png") as string,
    });
  });

  it("are those, too, that are too small for the network, and pairs of unequal sizes", async () => {
    const small = temporaryFolder({ "trainA/1.png": plain(1), "trainB/1.png": plain(2) });
    await expect(reader(small, "unpaired", { ...settings, smallest: 16 }).next()).rejects.toThrow(
      "trainA/1.png is 12 × 12 pixels, and this network takes at least 16 × 16",
    );
    const unequal = temporaryFolder({
      "trainA/1.png": noise(1, 8, 12),
      "trainB/1.png": plain(2),
      "trainA/2.png": plain(3),
      "trainB/2.png": plain(4),
    });
    const paired = { ...settings, paired: true, shuffle: false };
    await expect(reader(unequal, "paired", paired).next()).rejects.toThrow(
      "trainA/1.png is 12 × 8 pixels and its partner",
    );
    expect(await seen(reader(unequal, "paired", paired, { leftOut: new LeftOut() }), 2)).toEqual([
      [3, 4],
      [3, 4],
    ]);
  });

  it("do not include those of a folder that is gone", async () => {
    const root = dataset();
    const leftOut = new LeftOut();
    const reading = reader(root, "unpaired", settings, { leftOut, ahead: 0 });
    await reading.next();
    rmSync(join(root, "trainA"), { recursive: true });
    await expect(batches(reading, 2)).rejects.toBeInstanceOf(DataGone);
    expect(leftOut.has(join(root, "trainA/0.png"))).toBe(false);
  });
});
