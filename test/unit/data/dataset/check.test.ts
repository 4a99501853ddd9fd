import { readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { RevganError } from "../../../../extension/protocol/errors";
import { DatasetCheck, type FirstReport } from "../../../../extension/trainer/data/dataset/check";
import { DecoderClient } from "../../../../extension/trainer/data/decoder/decoderClient";
import { scanDataset, type Mode, sourcesOf } from "../../../../extension/trainer/data/dataset/dataset";
import { RememberedFiles } from "../../../../extension/trainer/data/dataset/rememberedFiles";
import { requireReadable } from "../../../../extension/trainer/data/dataset/requireReadable";
import type { ImageSettings } from "../../../../extension/trainer/data/dataset/imageSettings";
import { noise, plainSettings, pngBytes, temporaryFolder, writeTree } from "../../../support/images";

const decoder = new DecoderClient();
afterAll(() => decoder.close());

function checkOf(
  path: string,
  mode: Mode,
  settings: Partial<ImageSettings> = {},
  cache = temporaryFolder(),
): DatasetCheck {
  return new DatasetCheck(
    scanDataset({ path, folders: null }, mode),
    plainSettings({ paired: mode === "paired", ...settings }),
    new RememberedFiles(cache, "images"),
  );
}

/** The check before the first step, which is the whole check of a small data set. */
async function check(path: string, mode: Mode, settings: Partial<ImageSettings> = {}): Promise<FirstReport> {
  return checkOf(path, mode, settings).first(decoder);
}

function refusal(report: FirstReport, skip = false): RevganError {
  try {
    requireReadable(report, skip);
  } catch (error) {
    return error as RevganError;
  }
  throw new Error("the data set was accepted");
}

const problemsOf = ({ dataset, problems }: FirstReport): string[] =>
  problems.map(({ file, reason }) => `${relative(dataset.root, file)} ${reason}`);

describe("checking a data set", () => {
  it("finds sizes, bits and channels", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 10, 20),
      "trainA/2.png": noise(2, 30, 15, 1, 16),
      "trainB/1.png": noise(3, 8, 8, 4),
      "testA/1.png": noise(1, 9, 9),
      "testB/1.png": noise(1, 9, 9),
    });
    const report = await check(root, "unpaired");
    const told = [...report.infos].map(([file, { height, width, channels, bits, alpha }]) => [
      relative(root, file),
      height,
      width,
      channels,
      bits,
      alpha,
    ]);
    expect(told.sort()).toEqual([
      ["testA/1.png", 9, 9, 3, 8, false],
      ["testB/1.png", 9, 9, 3, 8, false],
      ["trainA/1.png", 10, 20, 3, 8, false],
      ["trainA/2.png", 30, 15, 1, 16, false],
      ["trainB/1.png", 8, 8, 3, 8, true],
    ]);
    expect(report.isWhole).toBe(true);
    expect(requireReadable(report, false)).toEqual(report.dataset);
  });

  it("names every bad file at once, and the way on without them", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 8, 8),
      "trainA/bad.png": "no image",
      "trainA/empty.png": "",
      "trainA/x.bmp": "",
      "trainA/folder.png": null,
      "trainB/1.png": noise(2, 8, 8),
      "testA/y.png": "?",
      "testB/y.png": noise(1, 8, 8),
    });
    const report = await check(root, "unpaired");
    const error = refusal(report);
    expect(error.code).toBe("data");
    expect(error.message).toMatch(/^5 files in .* cannot be used: /);
    for (const name of [
      "trainA/bad.png is not an image",
      "trainA/empty.png is empty",
      "trainA/x.bmp is a BMP",
      "trainA/folder.png is a folder",
      "testA/y.png is not an image",
    ])
      expect(error.message).toContain(name);
    expect(error.message).not.toContain("\n");
    expect(error.remedy).toContain("data.skipUnreadable");
    // Files that cannot be read keep their places, in which they are replaced.
    const { splits, problems } = requireReadable(report, true);
    expect(splits.train).toEqual({
      kind: "two",
      a: ["1", "bad", "empty"].map((name) => join(root, `trainA/${name}.png`)),
      b: [join(root, "trainB/1.png")],
    });
    expect(problems).toEqual([]);
  });

  it("names twenty files and counts the rest", async () => {
    const root = temporaryFolder({
      ...Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`trainA/bad-${i}.png`, "?"])),
      "trainB/1.png": noise(0, 8, 8),
    });
    const report = await check(root, "unpaired");
    expect(refusal(report).message.match(/bad-/g)).toHaveLength(20);
    expect(refusal(report).message).toMatch(/; and 5 more$/);
    expect(refusal(report, true).message).toContain("nothing is left to train on");
  });

  it("leaves out both of a pair", async () => {
    const root = temporaryFolder({
      "trainA/1.png": "?",
      "trainA/2.png": noise(2, 8, 8),
      "trainA/3.png": noise(3, 8, 8),
      "trainB/1.png": noise(1, 8, 8),
      "trainB/2.png": noise(2, 8, 8),
    });
    const report = await check(root, "paired");
    expect(problemsOf(report).map((text) => text.split(" ")[0])).toEqual(["trainA/3.png", "trainA/1.png"]);
    expect(requireReadable(report, true).splits.train).toEqual({
      kind: "two",
      a: [join(root, "trainA/1.png"), join(root, "trainA/2.png")],
      b: [join(root, "trainB/1.png"), join(root, "trainB/2.png")],
    });
  });

  it("finds files that do not fit: odd pairs, small images, unequal partners", async () => {
    const aligned = temporaryFolder({ "train/odd.png": noise(1, 8, 17), "train/ok.png": noise(2, 8, 16) });
    const odd = await check(aligned, "paired");
    expect(problemsOf(odd)).toEqual(["train/odd.png is 17 pixels wide: A left and B right cannot have the same width"]);
    expect(sourcesOf(requireReadable(odd, true).splits.train).b).toEqual([
      { file: join(aligned, "train/odd.png"), half: "right" },
      { file: join(aligned, "train/ok.png"), half: "right" },
    ]);
    expect(problemsOf(await check(aligned, "paired", { cropSize: { height: 8, width: 9 } }))).toContain(
      "train/ok.png is 8 × 8 pixels a half, smaller than the crop of 9 × 8",
    );

    const two = temporaryFolder({ "trainA/1.png": noise(1, 8, 9), "trainB/1.png": noise(2, 9, 8) });
    expect(problemsOf(await check(two, "paired"))).toEqual([
      `trainA/1.png is 9 × 8 pixels and its partner ${join(two, "trainB/1.png")} is 8 × 9`,
    ]);
    expect(problemsOf(await check(two, "paired", { loadSize: { height: 8, width: 8 } }))).toEqual([]);
    expect(problemsOf(await check(two, "unpaired", { multiple: 16 }))).toHaveLength(2);
    expect(
      problemsOf(
        await check(two, "unpaired", {
          multiple: 16,
          loadSize: { height: 32, width: 32 },
          cropSize: { height: 16, width: 16 },
        }),
      ),
    ).toEqual([]);
  });

  it("refuses batches of images of several sizes", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 8, 9),
      "trainA/2.png": noise(1, 8, 11),
      "trainA/3.png": noise(1, 8, 12),
      "trainB/1.png": noise(2, 9, 8),
    });
    expect(refusal(await check(root, "unpaired", { batchSize: 2, multiple: 4 })).message).toContain(
      "trainA/1.png is 8 × 8, trainA/3.png is 12 × 8",
    );
    expect(requireReadable(await check(root, "unpaired", { multiple: 4 }), false).splits.train).toBeDefined();
    expect(
      requireReadable(await check(root, "unpaired", { batchSize: 2, cropSize: { height: 8, width: 8 } }), false).splits
        .train,
    ).toBeDefined();
  });

  it("looks at a few files before the first step, and at the others beside it", async () => {
    const root = temporaryFolder({
      ...Object.fromEntries(range(100).map((i) => [`trainA/${i}.png`, i === 90 ? "?" : noise(i, 8, 8)])),
      ...Object.fromEntries(range(60).map((i) => [`trainB/${i}.png`, noise(i, 8, i === 59 ? 4 : 8)])),
    });
    const checking = checkOf(root, "unpaired", { cropSize: { height: 8, width: 8 } });
    const report = await checking.first(decoder);
    expect([report.isWhole, report.infos.size, report.problems]).toEqual([false, 64, []]);
    const found: string[] = [];
    const seen: number[] = [];
    await checking.rest(
      decoder,
      new AbortController().signal,
      (problem) => Promise.resolve(void found.push(`${relative(root, problem.file)} ${problem.reason}`)),
      (done) => seen.push(done),
    );
    expect(found.map((text) => text.slice(0, 30)).sort()).toEqual(
      [
        "trainA/90.png is not an image of a supported format (PNG, JPEG, WebP, TIFF, AVIF, GIF)",
        "trainB/59.png is 4 × 8 pixels, smaller than the crop of 8 × 8",
      ]
        .map((text) => text.slice(0, 30))
        .sort(),
    );
    expect([seen.at(-1), checking.files, checking.isWhole]).toEqual([160, 160, true]);
  });

  it("looks at fewer large files", async () => {
    const bytes = (i: number): Buffer => Buffer.concat([pngBytes(noise(i, 8, 8)), Buffer.alloc(3e6)]);
    const large = Object.fromEntries(range(3).map((i) => [`train/${i}.png`, bytes(i)]));
    const report = await check(temporaryFolder(large), "paired");
    expect(report.infos.size).toBe(2);
  });

  it("looks at no file twice that has not changed", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 8, 8),
      "trainA/2.png": "?",
      "trainB/1.png": noise(2, 8, 8),
    });
    const cache = temporaryFolder();
    const before = await checkOf(root, "unpaired", {}, cache).first(decoder);
    const asked: string[] = [];
    const counting = new DecoderClient();
    const inspectAll = counting.inspectAll.bind(counting);
    counting.inspectAll = (files, ...others) => {
      asked.push(...files.map((file) => relative(root, file)));
      return inspectAll(files, ...others);
    };
    onTestFinished(() => counting.close());
    expect(await checkOf(root, "unpaired", {}, cache).first(counting)).toEqual(before);
    expect(asked).toEqual(["trainA/2.png"]);
    writeTree(root, { "trainB/1.png": noise(2, 9, 9) });
    asked.length = 0;
    const after = await checkOf(root, "unpaired", {}, cache).first(counting);
    expect(asked.sort()).toEqual(["trainA/2.png", "trainB/1.png"]);
    expect(after.infos.get(join(root, "trainB/1.png"))).toMatchObject({ height: 9 });
  });

  it("does without what was remembered where that is damaged or cannot be written", async () => {
    const root = temporaryFolder({ "trainA/1.png": noise(1, 8, 8), "trainB/1.png": noise(2, 8, 8) });
    const cache = temporaryFolder();
    const before = await checkOf(root, "unpaired", {}, cache).first(decoder);
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), '["1.png","1 2",{}]\n["1.p');
    expect(await checkOf(root, "unpaired", {}, cache).first(decoder)).toEqual(before);
    expect(await checkOf(root, "unpaired", {}, join(root, "trainA/1.png/x")).first(decoder)).toEqual(before);
  });

  it("stops when it is told to", async () => {
    const root = temporaryFolder({ "trainA/1.png": noise(1, 8, 9), "trainB/1.png": noise(2, 9, 8) });
    const stop = new AbortController();
    stop.abort();
    await expect(checkOf(root, "unpaired").first(decoder, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
  });
});

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
