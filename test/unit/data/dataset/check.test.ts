import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RevganError } from "../../../../extension/protocol/errors";
import { checkDataset, type CheckReport } from "../../../../extension/trainer/data/dataset/check";
import { DecoderClient } from "../../../../extension/trainer/data/decoder/decoderClient";
import { scanDataset, type Mode, sourcesOf } from "../../../../extension/trainer/data/dataset/dataset";
import { requireReadable } from "../../../../extension/trainer/data/dataset/requireReadable";
import type { ImageSettings } from "../../../../extension/trainer/data/dataset/imageSettings";
import { noise, plainSettings, temporaryFolder } from "../../../support/images";

const decoder = new DecoderClient();
afterAll(() => decoder.close());

async function check(path: string, mode: Mode, settings: Partial<ImageSettings> = {}): Promise<CheckReport> {
  return checkDataset(
    scanDataset({ path, folders: null }, mode),
    plainSettings({ paired: mode === "paired", ...settings }),
    decoder,
  );
}

function refusal(report: CheckReport, skip = false): RevganError {
  try {
    requireReadable(report, skip);
  } catch (error) {
    return error as RevganError;
  }
  throw new Error("the data set was accepted");
}

const problemsOf = ({ dataset, problems }: CheckReport): string[] =>
  problems.map(({ file, reason }) => `${relative(dataset.root, file)} ${reason}`);

describe("checking a data set", () => {
  it("counts the images and tells their sizes, bits and channels", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 10, 20),
      "trainA/2.png": noise(2, 30, 15, 1, 16),
      "trainB/1.png": noise(3, 8, 8, 4),
      "testA/1.png": noise(1, 9, 9),
      "testB/1.png": noise(1, 9, 9),
    });
    const seen: string[] = [];
    const report = await checkDataset(
      scanDataset({ path: root, folders: null }, "unpaired"),
      plainSettings(),
      decoder,
      { onProgress: (done, total) => seen.push(`${done}/${total}`) },
    );
    expect(report.summaries.train).toEqual({
      a: {
        images: 2,
        smallest: { height: 10, width: 15 },
        largest: { height: 30, width: 20 },
        bits: [8, 16],
        channels: [1, 3],
        window: null,
      },
      b: {
        images: 1,
        smallest: { height: 8, width: 8 },
        largest: { height: 8, width: 8 },
        bits: [8],
        channels: [3],
        window: null,
      },
    });
    expect(report.summaries.val).toBeNull();
    expect(seen).toEqual(["0/5", "1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(requireReadable(report, false)).toEqual(report.dataset);
  });

  it("takes about a second for the sample data", async () => {
    const start = performance.now();
    const report = await check("media/samples/nuclei-labels", "paired");
    expect(report.summaries.train?.a.images).toBe(83);
    expect(performance.now() - start).toBeLessThan(10_000);
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
    const { splits, problems } = requireReadable(report, true);
    expect(splits.train).toEqual({ kind: "two", a: [join(root, "trainA/1.png")], b: [join(root, "trainB/1.png")] });
    expect(splits.test).toBeNull();
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
      a: [join(root, "trainA/2.png")],
      b: [join(root, "trainB/2.png")],
    });
  });

  it("finds files that do not fit: odd pairs, small images, unequal partners", async () => {
    const aligned = temporaryFolder({ "train/odd.png": noise(1, 8, 17), "train/ok.png": noise(2, 8, 16) });
    const odd = await check(aligned, "paired");
    expect(problemsOf(odd)).toEqual(["train/odd.png is 17 pixels wide: A left and B right cannot have the same width"]);
    expect(sourcesOf(requireReadable(odd, true).splits.train).b).toEqual([
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

  it("stops when it is told to", async () => {
    const root = temporaryFolder({
      "trainA/1.png": noise(1, 8, 9),
      "trainA/2.png": noise(1, 8, 11),
      "trainB/1.png": noise(2, 9, 8),
    });
    const stop = new AbortController();
    const checking = checkDataset(scanDataset({ path: root, folders: null }, "unpaired"), plainSettings(), decoder, {
      signal: stop.signal,
      onProgress: (done) => done === 1 && stop.abort(),
    });
    await expect(checking).rejects.toMatchObject({ code: "interrupted" });
  });
});
