import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageSettings } from "../../../extension/trainer/data/dataset/imageSettings";
import { DatasetCheck } from "../../../extension/trainer/data/dataset/check";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { nameOf, scanDataset } from "../../../extension/trainer/data/dataset/dataset";
import { imageFiles } from "../../../extension/trainer/data/dataset/fileKind";
import { RememberedFiles } from "../../../extension/trainer/data/dataset/rememberedFiles";
import { requireReadable } from "../../../extension/trainer/data/dataset/requireReadable";
import { casesOf } from "../../../extension/trainer/evaluate/cases";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { Ranks } from "../../../extension/trainer/ranks/ranks";
import { Stopped } from "../../../extension/trainer/ranks/sharedOut";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import {
  findValidation,
  evenlySpreadCases,
  type ValidationCases,
} from "../../../extension/trainer/training/validationCases";
import { Validator } from "../../../extension/trainer/training/validator";
import { Translator } from "../../../extension/trainer/translate/translator";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { noise, temporaryFolder, type TestImage } from "../../support/images";
import { configFor } from "../../support/training";

const network = { width: 4, depth: 1, discriminator: { width: 4, layers: 1 } };
const decoder = new DecoderClient();
afterAll(() => decoder.close());

/** What a training finds to validate on, before its first step. */
async function found(
  mode: "paired" | "unpaired",
  files: Record<string, TestImage>,
  { validateEvery = 1, loadSize = null }: { validateEvery?: number | null; loadSize?: number | null } = {},
): Promise<ValidationCases | null> {
  const base = configFor({ side: 16, mode, network });
  const config = { ...base, training: { ...base.training, validateEvery } };
  const checked = await new DatasetCheck(
    scanDataset({ path: temporaryFolder(files), folders: null }, mode),
    { ...imageSettings(config), loadSize: loadSize === null ? null : { height: loadSize, width: loadSize } },
    new RememberedFiles(temporaryFolder(), "images"),
  ).first(decoder);
  const { infos, settings } = checked;
  return findValidation({ dataset: requireReadable(checked, false), infos, settings }, config);
}

/** The pictures of A to B by their names, and the names of their truths. */
const named = (validation: ValidationCases | null): (string | null)[][] =>
  validation!.cases.AtoB!.map(({ name, truth }) => [name, truth === null ? null : nameOf(truth)]);

describe.each(logicEngines)("a validation on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  it("judges every direction, and leaves no tensor behind, also when it is ended half way", async () => {
    const config = configFor({ side: 32, network });
    const model = openNetwork(k, config, { seed: 0 });
    const folder = temporaryFolder({
      "train/1.png": noise(0, 33, 2 * 39),
      ...Object.fromEntries([1, 2, 3].map((i) => [`val/${i}.png`, noise(i, 33, 2 * 39)])),
    });
    const { val } = scanDataset({ path: folder, folders: null }, "unpaired").splits;
    const ways = ["AtoB", "BtoA"] as const;
    const pairs = {
      split: "val",
      cases: Object.fromEntries(ways.map((way) => [way, casesOf(val!, "unpaired", way, imageFiles)])),
      arePairs: true,
    } as const;
    const translator = new Translator(k, model, config.network, null);
    const validatorOf = (all: ValidationCases): Validator =>
      new Validator(translator, decoder, Ranks.alone, config, all);
    const validator = validatorOf(pairs);
    const order = { images: 3, intensity: null };
    const control = {
      signal: new AbortController().signal,
      yieldToEventLoop: async () => Promise.resolve(),
      retry: <T>(work: () => Promise<T>) => work(),
    };
    const count = k.ledger.count;
    const { line } = await validator.validate(7, order, control);
    expect(line).toMatchObject({ type: "validation", step: 7, split: "val", images: 3 });
    for (const direction of ways)
      expect(line.metrics[direction]).toEqual({
        mae: expect.any(Number) as number,
        psnr: expect.any(Number) as number,
        ssim: expect.any(Number) as number,
        constantMae: expect.any(Number) as number,
        spread: expect.any(Number) as number,
        realSpread: expect.any(Number) as number,
      });
    let pictures = 0;
    const ended = validator.validate(8, order, {
      ...control,
      yieldToEventLoop: () => (++pictures > 1 ? Promise.reject(new Error("enough")) : Promise.resolve()),
    });
    await expect(ended).rejects.toThrow("enough");
    const stopper = new AbortController();
    const stopped = validator.validate(8, order, {
      ...control,
      signal: stopper.signal,
      yieldToEventLoop: () => {
        stopper.abort();
        return Promise.resolve();
      },
    });
    await expect(stopped).rejects.toBeInstanceOf(Stopped);
    // Without partners, the same pictures are compared as sets, also the second time, when the inputs' patches are known.
    const single = {
      ...pairs,
      arePairs: false,
      cases: Object.fromEntries(ways.map((way) => [way, pairs.cases[way]!.map((each) => ({ ...each, truth: null }))])),
    };
    const unpaired = validatorOf(single);
    const [first, second] = [await unpaired.validate(9, order, control), await unpaired.validate(9, order, control)];
    expect(second.line).toEqual(first.line);
    for (const direction of ways)
      expect(first.line.metrics[direction]).toEqual({
        slicedWasserstein: expect.any(Number) as number,
        slicedWassersteinUntranslated: expect.any(Number) as number,
        spread: expect.any(Number) as number,
        realSpread: expect.any(Number) as number,
      });
    // Untranslated, both directions compare the same two sets.
    expect(first.line.metrics.AtoB!.slicedWassersteinUntranslated).toBe(
      first.line.metrics.BtoA!.slicedWassersteinUntranslated,
    );
    expect(k.ledger.count).toBe(count);
    disposeNetwork(model);
  });
});

describe("what is validated on", () => {
  const train = { "trainA/1.png": noise(1, 36, 40), "trainB/1.png": noise(2, 36, 40) };
  const sided = (split: string): Record<string, TestImage> => ({ [`${split}/1.png`]: noise(2, 36, 80) });
  const apart = (split: string, side = 40): Record<string, TestImage> => ({
    [`${split}A/1.png`]: noise(3, 36, side),
    [`${split}B/2.png`]: noise(4, 36, side),
  });

  it("has pairs: side by side, or files of one name and one size", async () => {
    expect(named(await found("paired", { ...sided("train"), ...sided("val") }))).toEqual([["1", "1"]]);
    expect(named(await found("unpaired", { ...sided("train"), ...sided("val") }))).toEqual([["1", "1"]]);
    const two = {
      ...train,
      "valA/1.png": noise(3, 36, 40),
      "valA/2.png": noise(4, 36, 40),
      "valB/1.png": noise(5, 36, 40),
      "valB/2.png": noise(6, 36, 44),
    };
    expect(named(await found("unpaired", two))).toEqual([["1", "1"]]);
  });

  it("without pairs is all unpaired pictures that have patches", async () => {
    const files = { ...train, ...apart("val"), "valA/3.png": noise(7, 27, 40) };
    const validation = await found("unpaired", files);
    expect(validation).toMatchObject({ split: "val", arePairs: false });
    expect(named(validation)).toEqual([["1", null]]);
    const namesakes = { ...train, "valA/1.png": noise(3, 36, 40), "valB/1.png": noise(4, 36, 44) };
    expect(named(await found("unpaired", namesakes))).toEqual([["1", null]]);
  });

  it("is of val, and only where it is automatic else of test", async () => {
    const automatic = { validateEvery: null };
    const all = { ...sided("train"), ...sided("val"), ...sided("test") };
    expect(await found("paired", all, automatic)).toMatchObject({ split: "val" });
    expect(await found("paired", { ...sided("train"), ...sided("test") }, automatic)).toMatchObject({ split: "test" });
    expect(await found("unpaired", { ...train, ...apart("test") }, automatic)).toMatchObject({ split: "test" });
    expect(await found("unpaired", train, automatic)).toBeNull();
    expect(await found("paired", all, { validateEvery: 0 })).toBeNull();
    await expect(found("paired", { ...sided("train"), ...sided("test") })).rejects.toMatchObject({ code: "data" });
  });

  it("may be some of the pictures, evenly spread over their names", async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`val/${i}.png`, noise(i, 32, 64)]));
    const nine = await found("paired", { ...sided("train"), ...files });
    const chosen = (most: number): unknown[] => named(evenlySpreadCases(nine!, most)).map(([name]) => name);
    expect(chosen(3)).toEqual(["1", "4", "7"]);
    expect(chosen(1)).toEqual(["4"]);
    expect(chosen(20)).toHaveLength(9);
  });

  it.each<[string, "paired" | "unpaired", Record<string, TestImage>]>([
    ["nothing to validate on", "unpaired", train],
    ["pictures without patches alone", "unpaired", { ...train, ...apart("val", 27) }],
    ["no pairs in paired mode", "paired", sided("train")],
  ])("is refused with %s", async (_, mode, files) => {
    await expect(found(mode, files)).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/has no pairs to validate on$/) as unknown,
      remedy: expect.stringContaining("training.validateEvery to 0") as unknown,
    });
    expect(await found(mode, files, { validateEvery: null })).toBeNull();
  });

  it("is refused with a pair of two sizes, which a training that resizes would take; automatically it is left out", async () => {
    const files = { ...train, "valA/1.png": noise(3, 36, 40), "valB/1.png": noise(4, 72, 80) };
    await expect(found("paired", files, { loadSize: 40 })).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(
        /valA.1\.png is 40 × 36 pixels and its partner .*valB.1\.png is 80 × 72/,
      ) as unknown,
    });
    expect(await found("paired", files, { loadSize: 40, validateEvery: null })).toBeNull();
  });
});
