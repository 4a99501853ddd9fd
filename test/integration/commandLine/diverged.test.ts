import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import { formatSums, sumsFile } from "../../../extension/files/checksums";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  readRunFile,
  resume,
  sharedFolder,
  train,
  unpairedData,
} from "../../support/commandLine";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));
const trained = join(folder, "trained");

beforeAll(async () => {
  expectDone(await train(data, trained));
});

/** Weights with which the next step overflows. */
function overflowing(file: string): Uint8Array {
  const tensors = decodeSafetensors(readFileSync(file), file);
  tensors.get("D_A.model.0.weight")!.data.fill(3e38);
  return encodeSafetensors(tensors);
}

describe("a training whose losses overflow", () => {
  it("stops at that step, says where it began, and goes on from its checkpoint with a lower rate", async () => {
    const run = join(folder, "diverged");
    cpSync(trained, run, { recursive: true });
    const last = join(run, "checkpoints", "000002");
    const weights = join(last, "weights.safetensors");
    const good = readFileSync(weights);
    const seal = (bytes: Uint8Array): void => {
      writeFileSync(weights, bytes);
      const names = ["optimizer.safetensors", "pool.safetensors", "state.json", "weights.safetensors"];
      writeFileSync(
        join(last, sumsFile),
        formatSums(new Map(names.map((name) => [name, readFileSync(join(last, name))]))),
      );
    };
    seal(overflowing(weights));
    const before = checkpoint(run, 2);

    const ended = await resume(run, { "training.maxSteps": 4 });
    const failure = expectRefused(ended, {
      exit: 1,
      code: "diverged",
      says: [
        /the loss G_A is (not a number|infinite) at step 3, first in the output of D_A\.model\.0/,
        "go on from step 2 with a lower rate",
        `revgan resume ${run} --set training.learningRate=0.0001`,
      ],
    });
    expect(readRunFile(run)).toMatchObject({
      state: "failed",
      step: 2,
      error: { code: failure.code, message: failure.message },
    });
    expect(metricsOf(run)).toHaveLength(2);
    expect(checkpoint(run, 2)).toEqual(before);

    seal(good);
    expectDone(await resume(run, { "training.maxSteps": 3, "training.learningRate": 0.0001 }));
    expect(metricsOf(run)).toMatchObject([{ step: 1 }, { step: 2 }, { step: 3, learningRate: 0.0001 }]);
  });

  it("before its first checkpoint, is to be begun again", async () => {
    const init = join(folder, "overflowing.safetensors");
    writeFileSync(init, overflowing(join(trained, "checkpoints", "000002", "weights.safetensors")));
    const ended = await train(data, join(folder, "diverged-early"), {}, ["--init", init]);
    expectRefused(ended, {
      exit: 1,
      code: "diverged",
      says: ["at step 1", "train again with a lower rate, for example --set training.learningRate=0.0001"],
    });
  });
});
