import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type TranslationRequest, Translations } from "../../../extension/host/translations";
import {
  checkpoint,
  expectDone,
  expectRefused,
  filesBelow,
  folderHashes,
  ofType,
  pairedData,
  readRunFile,
  resume,
  sets,
  sharedFolder,
  tiny,
  train,
} from "../../support/commandLine";
import { noise, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";
import { trainerProgram } from "../../support/trainer";

const folder = sharedFolder();
const data = pairedData(join(folder, "data"));
const run = join(folder, "run");
const kind = { "network.kind": "pix2pix" };
const picture = join(writeTree(join(folder, "pictures"), { "x.png": noise(1, 33, 47) }), "x.png");

describe("a pix2pix, which translates A to B alone,", () => {
  let lines: ReturnType<typeof expectDone>;
  beforeAll(async () => {
    lines = expectDone(await train(data, run, { ...kind, "training.maxSteps": 2, "training.sampleEvery": 2 }));
  });

  it("trains in pairs, and names its losses as its authors do", () => {
    expect(readRunFile(run).config).toMatchObject({ mode: "paired", network: { kind: "pix2pix", backprop: "store" } });
    for (const { losses } of ofType(lines, "step"))
      expect(Object.keys(losses).sort()).toEqual(["D_fake", "D_real", "G_GAN", "G_L1"]);
  });

  it("has samples of that way, with the truth and nothing of the way back", () => {
    expect(filesBelow(join(run, "samples", "000002"))).toEqual([
      "a-input-0.png",
      "a-translated-0.png",
      "a-truth-0.png",
    ]);
  });

  it("goes on to the same bytes as if it had not stopped", async () => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    const random = { ...kind, "data.shuffle": true, "training.poolSize": 2, "training.batchSize": 2 };
    expectDone(await train(data, whole, { ...random, "training.maxSteps": 4 }));
    expectDone(await train(data, parts, { ...random, "training.maxSteps": 2 }));
    expectDone(await resume(parts, { "training.maxSteps": 4 }));
    expect(checkpoint(parts, 4)).toEqual(checkpoint(whole, 4));
  });

  it("goes on to the same bytes with dropout and batch norms, too, whatever was sampled in between", async () => {
    const [whole, parts] = [join(folder, "thinned-whole"), join(folder, "thinned-parts")];
    const noisy = { ...kind, "network.norm": "batch", "network.dropout": true, "data.shuffle": true };
    expectDone(await train(data, whole, { ...noisy, "training.maxSteps": 4, "training.sampleEvery": 0 }));
    expectDone(await train(data, parts, { ...noisy, "training.maxSteps": 2, "training.sampleEvery": 1 }));
    expectDone(await resume(parts, { "training.maxSteps": 4 }));
    expect(checkpoint(parts, 4)).toEqual(checkpoint(whole, 4));
  });

  it("gives the same translation of a picture every time, with dropout in use as in training", async () => {
    const noisy = join(folder, "noisy");
    expectDone(await train(data, noisy, { ...kind, "network.dropout": true }));
    const other = join(
      writeTree(join(folder, "more"), { "w.png": noise(2, 20, 20), "x.png": noise(1, 33, 47) }),
      "x.png",
    );
    const to = async (out: string, ...files: string[]): Promise<string> => {
      expectDone(
        await revgan([
          "translate",
          "--json",
          "--run",
          noisy,
          "--direction",
          "AtoB",
          "--out",
          join(folder, out),
          ...files,
        ]),
      );
      return folderHashes(join(folder, out))["x.AtoB.png"]!;
    };
    expect(await to("once", picture)).toBe(await to("again", join(folder, "more", "w.png"), other));
  });

  it("translates A to B, and refuses the other way in one line", async () => {
    const to = (direction: string): ReturnType<typeof revgan> =>
      revgan(["translate", "--json", "--run", run, "--direction", direction, picture]);
    expect(ofType(expectDone(await to("AtoB")), "translated").map(({ direction }) => direction)).toEqual(["AtoB"]);
    expectRefused(await to("BtoA"), {
      exit: 2,
      code: "usage",
      says: ["a pix2pix translates A to B alone, not B to A"],
    });
  });

  it("refuses the other way to the extension, too, before it asks about results that exist", async () => {
    const translations = new Translations({
      program: trainerProgram,
      cwd: folder,
      environment: () => process.env,
      log: () => undefined,
    });
    const question: TranslationRequest = {
      run,
      direction: "BtoA",
      files: [picture],
      half: "whole",
      out: null,
      existing: "ask",
    };
    await expect(translations.translate(question, () => undefined, new AbortController().signal)).rejects.toMatchObject(
      { code: "usage", message: "a pix2pix translates A to B alone, not B to A" },
    );
    translations.dispose();
  });

  it("begins with the weights of another run, and refuses those of another kind", async () => {
    const weights = join(folder, "weights.safetensors");
    expectDone(await revgan(["export", "--json", "--run", run, "--format", "pytorch", "--out", weights]));
    expectDone(await train(data, join(folder, "begun"), { ...kind, "training.maxSteps": 0 }, ["--init", weights]));
    expect(checkpoint(join(folder, "begun"), 0)["weights.safetensors"]).toBe(checkpoint(run, 2)["weights.safetensors"]);
    expectRefused(await train(data, join(folder, "other"), {}, ["--init", weights]), {
      exit: 2,
      code: "checkpoint",
      says: [weights, "has D.model.0.bias, which is of none of the networks G_A_enc, "],
    });
  });

  it("is never unpaired", async () => {
    expectRefused(await revgan(["train", "--json", "--data", data, ...sets({ ...tiny, ...kind, mode: "unpaired" })]), {
      exit: 2,
      code: "config",
      says: ['mode must be "paired" for the network kind "pix2pix"'],
    });
  });
});
