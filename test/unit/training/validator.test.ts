import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageSettings } from "../../../extension/trainer/data/dataset/imageSettings";
import { DatasetCheck } from "../../../extension/trainer/data/dataset/check";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { scanDataset } from "../../../extension/trainer/data/dataset/dataset";
import { RememberedFiles } from "../../../extension/trainer/data/dataset/rememberedFiles";
import { requireReadable } from "../../../extension/trainer/data/dataset/requireReadable";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { requirePairs, Validator } from "../../../extension/trainer/training/validator";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { noise, temporaryFolder, type TestImage } from "../../support/images";
import { configFor } from "../../support/training";

const network = { width: 4, depth: 1, discriminator: { width: 4, layers: 1 } };
const decoder = new DecoderClient();
afterAll(() => decoder.close());

/** The check that a training makes before its first step. */
async function checked(
  mode: "paired" | "unpaired",
  files: Record<string, TestImage>,
  loadSize: number | null = null,
): Promise<void> {
  const dataset = scanDataset({ path: temporaryFolder(files), folders: null }, mode);
  const settings = {
    ...imageSettings(configFor({ side: 32, mode, network })),
    loadSize: loadSize === null ? null : { height: loadSize, width: loadSize },
  };
  const report = await new DatasetCheck(dataset, settings, new RememberedFiles(temporaryFolder(), "images")).first(
    decoder,
  );
  requirePairs(requireReadable(report, false), report.infos, report.settings);
}

describe.each(logicEngines)("a validation on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  it("judges every direction, and leaves no tensor behind, also when it is ended half way", async () => {
    const config = configFor({ side: 32, network });
    const model = openNetwork(k, config, { seed: 0 });
    const split = {
      kind: "aligned",
      files: [1, 2, 3].map((i) => join(temporaryFolder({ "p.png": noise(i, 33, 2 * 39) }), "p.png")),
    } as const;
    const validator = new Validator(k, model, config, decoder, split, {
      intensity: () => Promise.resolve(null),
      leftOut: null,
    });
    const count = k.ledger.count;
    const line = await validator.validate(7, new AbortController().signal, async () => Promise.resolve());
    expect(line).toMatchObject({ type: "validation", step: 7 });
    for (const direction of ["AtoB", "BtoA"] as const)
      for (const key of ["mae", "psnr", "ssim"] as const)
        expect(line.metrics[direction]![key]).toEqual(expect.any(Number));
    let pictures = 0;
    const ended = validator.validate(8, new AbortController().signal, () =>
      ++pictures > 1 ? Promise.reject(new Error("enough")) : Promise.resolve(),
    );
    await expect(ended).rejects.toThrow("enough");
    expect(k.ledger.count).toBe(count);
    disposeNetwork(model);
  });
});

describe("what is validated on", () => {
  const train = { "trainA/1.png": noise(1, 36, 40), "trainB/1.png": noise(2, 36, 40) };

  it("has pairs: side by side, or files of one name and one size", async () => {
    await checked("paired", { "train/1.png": noise(1, 36, 80), "val/1.png": noise(2, 36, 80) });
    await checked("unpaired", { "train/1.png": noise(1, 36, 80), "val/1.png": noise(2, 36, 80) });
    await checked("unpaired", {
      ...train,
      "valA/1.png": noise(3, 36, 40),
      "valA/2.png": noise(4, 36, 40),
      "valB/1.png": noise(5, 36, 40),
      "valB/2.png": noise(6, 36, 44),
    });
  });

  it.each<[string, "paired" | "unpaired", Record<string, TestImage>]>([
    ["nothing to validate on", "unpaired", train],
    [
      "no two files of one name",
      "unpaired",
      { ...train, "valA/1.png": noise(3, 36, 40), "valB/2.png": noise(4, 36, 40) },
    ],
    ["no two of one size", "unpaired", { ...train, "valA/1.png": noise(3, 36, 40), "valB/1.png": noise(4, 36, 44) }],
  ])("is refused with %s", async (_, mode, files) => {
    await expect(checked(mode, files)).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/has no pairs to validate on$/) as unknown,
      remedy: expect.stringContaining("training.validateEvery to 0") as unknown,
    });
  });

  it("is refused with a pair of two sizes, which a training that resizes would take", async () => {
    const files = { ...train, "valA/1.png": noise(3, 36, 40), "valB/1.png": noise(4, 72, 80) };
    await expect(checked("paired", files, 40)).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(
        /valA.1\.png is 40 × 36 pixels and its partner .*valB.1\.png is 80 × 72/,
      ) as unknown,
    });
  });
});
