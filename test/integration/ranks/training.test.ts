import { cpSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pathIn, stepFolder } from "../../../extension/runFolder/paths";
import { decodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import {
  checkpoint,
  expectDone,
  filesBelow,
  folderHashes,
  ofType,
  readRunFile,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { extent, isFull } from "../../support/full";
import { cliProgram, ended, revgan } from "../../support/programs";
import { onRanks } from "../../support/ranks";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"), { a: 9, b: 7 });

/** Everything that is drawn at random: the order, crops, flips, and a pool that is full after three steps. */
const settings = {
  ...tiny,
  engine: "native",
  "network.depth": 2,
  "data.shuffle": true,
  "data.flip": true,
  "training.batchSize": 4,
  "training.poolSize": 3,
  "training.sampleEvery": 0,
  "training.checkpointEvery": 10,
};

type Values = Readonly<Record<string, unknown>>;

function words(run: string, values: Values): string[] {
  return ["train", "--json", "--data", data, "--run", run, ...sets({ ...settings, ...values })];
}

/** Trains on several ranks to the end. Returns the run's folder. */
async function trained(ranks: number, name: string, values: Values): Promise<string> {
  const run = join(folder, name);
  expectDone(await onRanks(ranks, words(run, values)));
  return run;
}

describe.each([2, 4])("on %i ranks, a training with shuffle, flips and a pool", (ranks) => {
  const steps = isFull ? 50 : 20;
  let runs: string[] = [];
  beforeAll(async () => {
    const values = { "training.maxSteps": steps };
    runs = [await trained(ranks, `first-${ranks}`, values), await trained(ranks, `second-${ranks}`, values)];
  });

  it("ends in the same checkpoint twice, byte for byte", () => {
    // That the weights are equal on all ranks is checked at every checkpoint: a difference ends the training.
    expect(checkpoint(runs[0]!, steps)).toEqual(checkpoint(runs[1]!, steps));
  });

  it("names its ranks, and saves whole images of the pool", () => {
    const { ranks: members, state } = readRunFile(runs[0]!);
    expect([members!.length, state]).toEqual([ranks, "finished"]);
    expect(new Set(members!.map(({ engine }) => engine))).toEqual(new Set(["native"]));
    const pool = tensors(runs[0]!, steps, "pool");
    expect(pool.size).toBe(6);
    for (const { shape } of pool.values()) expect(shape).toEqual([4, 32, 32, 3]);
  });
});

describe("a batch that ranks share", () => {
  const [rate, steps] = [2e-6, 20];
  const values = { "training.learningRate": rate, "training.maxSteps": steps };

  it.each([2, 4])("by %i trains what one process trains of the whole batch", { timeout: 240_000 }, async (ranks) => {
    const whole = join(folder, `whole-${ranks}`);
    const one = { ...settings, ...values, "training.batchSize": ranks };
    const alone = ofType(expectDone(await train(data, whole, one)), "step");
    const shared = join(folder, `shared-${ranks}`);
    const together = ofType(
      expectDone(await onRanks(ranks, words(shared, { ...values, "training.batchSize": ranks }))),
      "step",
    );
    for (const [i, { losses, bytes }] of together.entries()) {
      for (const [name, value] of Object.entries(losses))
        expect(Math.abs(value / alone[i]!.losses[name]! - 1), `${name} of step ${i + 1}`).toBeLessThan(3e-4);
      // Its images alone are fewer.
      expect(bytes.peakByPart.weights).toBe(alone[i]!.bytes.peakByPart.weights);
      expect(bytes.peak).toBeLessThan(alone[i]!.bytes.peak);
    }
    expect(distance(shared, whole, steps)).toBeLessThan(1e-5);
  });
});

describe("a run of four ranks", () => {
  it("goes on with other numbers of ranks from where it was stopped", { timeout: 300_000 }, async () => {
    const [half, whole] = extent([6, 12], [20, 40]);
    const values = { "training.learningRate": 2e-6, "training.maxSteps": whole };
    const undisturbed = await trained(4, "undisturbed", values);
    const stopped = await trained(4, "stopped", { ...values, "training.maxSteps": half });
    for (const ranks of extent([4, 2], [4, 2, 1])) {
      const run = join(folder, `resumed-${ranks}`);
      cpSync(stopped, run, { recursive: true });
      expectDone(await onRanks(ranks, ["resume", run, "--json", ...sets({ "training.maxSteps": whole })]));
      expect(readRunFile(run).ranks?.length).toBe(ranks === 1 ? undefined : ranks);
      if (ranks === 4) expect(checkpoint(run, whole)).toEqual(checkpoint(undisturbed, whole));
      expect(distance(run, undisturbed, whole)).toBeLessThan(1e-5);
      const steps = readFileSync(pathIn(run, "metrics"), "utf8").trim().split("\n");
      expect(steps.filter((line) => line.includes('"type":"step"'))).toHaveLength(whole);
    }
  });
});

describe("on several ranks", () => {
  it("the files that are translated are shared out, and are those of one process", { timeout: 240_000 }, async () => {
    const run = join(folder, "translator");
    expectDone(await train(data, run, { ...settings, "training.maxSteps": 1 }));
    const args = (out: string): string[] => [
      ...["translate", join(data, "trainA"), "--json", "--run", run],
      ...["--direction", "AtoB", "--out", join(folder, out)],
    ];
    // The number of threads changes the order of TensorFlow's sums.
    const env = { TF_NUM_INTRAOP_THREADS: "1" };
    expectDone(await ended(process.execPath, [cliProgram, ...args("by-one")], { env }));
    const lines = ofType(expectDone(await onRanks(3, args("by-three"), env)), "translated");
    expect(lines.map(({ output }) => basename(output)).sort()).toEqual(filesBelow(join(folder, "by-one")));
    expect(folderHashes(join(folder, "by-three"))).toEqual(folderHashes(join(folder, "by-one")));
  });

  it("what is not shared is done once", async () => {
    const args = ["engine", "status", "--json"];
    const once = await revgan(args);
    expect(await onRanks(3, args)).toMatchObject({ code: 0, stdout: once.stdout });
  });
});

function tensors(run: string, step: number, name: string): ReturnType<typeof decodeSafetensors> {
  const file = join(stepFolder(run, "checkpoints", step), `${name}.safetensors`);
  return decodeSafetensors(readFileSync(file), file);
}

/** Of the weights of two runs: the norm of their difference over the norm. */
function distance(run: string, other: string, step: number): number {
  const expected = tensors(other, step, "weights");
  let [difference, norm] = [0, 0];
  for (const [name, { data: values }] of tensors(run, step, "weights")) {
    const truth = expected.get(name)!.data;
    for (const [i, value] of values.entries()) {
      difference += (value - truth[i]!) ** 2;
      norm += truth[i]! ** 2;
    }
  }
  return Math.sqrt(difference / norm);
}
