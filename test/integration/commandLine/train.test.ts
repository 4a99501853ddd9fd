import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  filesBelow,
  folderHashes,
  metricsOf,
  ofType,
  pairedData,
  readRunFile,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { extent } from "../../support/full";
import { noise, writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const unpaired = unpairedData(join(folder, "unpaired"), {
  more: { "testA/t.png": noise(5, 36, 40), "testB/t.png": noise(6, 36, 40) },
});
const paired = pairedData(join(folder, "paired"));

describe("the lines of revgan train --json", () => {
  it("are a step from 1 on, samples, checkpoints, and finished last", async () => {
    const run = join(folder, "lines");
    const lines = expectDone(
      await train(unpaired, run, { "training.maxSteps": 4, "training.sampleEvery": 2, "training.checkpointEvery": 3 }),
    );
    expect(lines.map((line) => `${line.type} ${"step" in line ? line.step : ""}`)).toEqual([
      "step 1",
      "step 2",
      "sample 2",
      "step 3",
      "checkpoint 3",
      "step 4",
      "sample 4",
      "checkpoint 4",
      "finished 4",
    ]);
    expect(lines.at(-1)).toEqual({ type: "finished", run, step: 4, checkpoint: join(run, "checkpoints", "000004") });
    for (const { path } of [...ofType(lines, "sample"), ...ofType(lines, "checkpoint")]) {
      expect(isAbsolute(path) && existsSync(path), path).toBe(true);
    }
  });

  it("say of each step its epoch, time, rate and memory, whose parts sum to the peak", async () => {
    const steps = ofType(expectDone(await train(unpaired, join(folder, "memory"), { "training.maxSteps": 4 })), "step");
    // Three pictures of A make an epoch of three steps.
    expect(steps.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2]);
    for (const { bytes, residentBytes, seconds, learningRate, time } of steps) {
      expect(Object.values(bytes.peakByPart).reduce((a, b) => a + b, 0)).toBe(bytes.peak);
      expect(bytes.live).toBeLessThanOrEqual(bytes.peak);
      const { weights, moments, gradients } = bytes.peakByPart;
      expect(bytes.largestActivations).toBeGreaterThanOrEqual(bytes.peak - weights - moments - gradients);
      expect(bytes.largestActivations).toBeLessThan(bytes.peak);
      expect(residentBytes).toBeGreaterThan(bytes.peak);
      expect(seconds).toBeGreaterThan(0);
      expect(learningRate).toBe(0.0002);
      expect(new Date(time).toISOString()).toBe(time);
    }
  });

  it("name the losses of unpaired training, without those whose weight is 0", async () => {
    const all = ["D_A", "D_B", "G_A", "G_B", "cycle_A", "cycle_B", "idt_A", "idt_B"];
    expect(await lossNames(unpaired, {})).toEqual(all);
    expect(await lossNames(unpaired, { "training.lambdaIdentity": 0 })).toEqual(
      all.filter((name) => !name.startsWith("idt")),
    );
    expect(await lossNames(unpaired, { "training.lambdaCycle": 0 })).toEqual(
      all.filter((name) => !/^(idt|cycle)/.test(name)),
    );
  });

  it("name the losses of paired training, without those whose weight is 0", async () => {
    expect(await lossNames(paired, {})).toEqual(["D_AB", "D_BA", "G_AB", "G_BA", "G_L1_A", "G_L1_B"]);
    expect(await lossNames(paired, { "training.lambdaL1": 0 })).toEqual(["D_AB", "D_BA", "G_AB", "G_BA"]);
  });

  let number = 0;
  async function lossNames(data: string, values: Record<string, unknown>): Promise<string[]> {
    const lines = expectDone(
      await train(data, join(folder, `losses-${number++}`), { ...values, "training.maxSteps": 1 }),
    );
    return Object.keys(ofType(lines, "step")[0]!.losses).sort();
  }
});

describe("the folder of a finished run", () => {
  it("holds what is promised and nothing else", async () => {
    const run = join(folder, "promised");
    const lines = expectDone(await train(unpaired, run, { "training.keepCheckpoints": 1 }));
    expect(filesBelow(run).filter((name) => !name.startsWith("samples"))).toEqual([
      "checkpoints/000002/SHA256SUMS",
      "checkpoints/000002/optimizer.safetensors",
      "checkpoints/000002/pool.safetensors",
      "checkpoints/000002/state.json",
      "checkpoints/000002/weights.safetensors",
      "log.txt",
      "metrics.jsonl",
      "run.json",
    ]);
    expect(metricsOf(run)).toEqual(ofType(lines, "step"));
    expect(readFileSync(join(run, "log.txt"), "utf8")).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z .+\n){2,}$/);
  });

  it("has the sums of each checkpoint's files, in the format of sha256sum", async () => {
    const run = join(folder, "sums");
    expectDone(await train(paired, run, { "training.checkpointEvery": 1 }));
    for (const step of [1, 2]) {
      const { SHA256SUMS: _, ...others } = checkpoint(run, step);
      const sums = readFileSync(join(run, "checkpoints", `00000${step}`, "SHA256SUMS"), "utf8");
      expect(sums).toBe(
        Object.entries(others)
          .map(([name, hash]) => `${hash}  ${name}\n`)
          .join(""),
      );
    }
  });

  it("describes the run, with every default filled in", async () => {
    const run = join(folder, "described");
    expectDone(await train(paired, run, { "training.seed": 7 }));
    const { config, createdAt, updatedAt, ...described } = readRunFile(run);
    expect(described).toMatchObject({
      format: 1,
      name: "described",
      seed: 7,
      state: "finished",
      step: 2,
      best: null,
      error: null,
    });
    expect(described.engine).toMatchObject({ name: "wasm", device: "CPU (1 core)" });
    expect(described.versions).toMatchObject({ revgan: "0.1.0", node: process.versions.node });
    expect(new Date(updatedAt).getTime()).toBeGreaterThan(new Date(createdAt).getTime());
    expect(config).toMatchObject({
      mode: "paired",
      network: {
        kind: "revgan",
        dimensions: 2,
        depth: 1,
        downsampling: 2,
        coupling: "additive",
        backprop: "recompute",
        discriminator: { width: 4, layers: 1 },
      },
      data: {
        path: paired,
        loadSize: null,
        cropSize: 32,
        flip: true,
        shuffle: true,
        folders: null,
        skipUnreadable: false,
      },
      training: {
        epochs: 100,
        decayEpochs: 100,
        maxSteps: 2,
        batchSize: 1,
        lambdaL1: 100,
        poolSize: 0,
        seed: 7,
        keepCheckpoints: 3,
      },
      engine: "wasm",
      gpu: null,
    });
  });

  it("has unpaired samples of the test pictures, of the same pictures every time", async () => {
    const run = join(folder, "unpaired-samples");
    expectDone(await train(unpaired, run, { "training.sampleEvery": 1 }));
    const names = [
      "a-cycled-0.png",
      "a-input-0.png",
      "a-translated-0.png",
      "b-cycled-0.png",
      "b-input-0.png",
      "b-translated-0.png",
    ];
    const [first, second] = ["000001", "000002"].map((step) => folderHashes(join(run, "samples", step)));
    expect(Object.keys(first!)).toEqual(names);
    expect(Object.keys(second!)).toEqual(names);
    expect([second!["a-input-0.png"], second!["b-input-0.png"]]).toEqual([
      first!["a-input-0.png"],
      first!["b-input-0.png"],
    ]);
    expect(second!["a-translated-0.png"]).not.toBe(first!["a-translated-0.png"]);
  });

  it("has paired samples with the truth, which is the other domain's input", async () => {
    const run = join(folder, "paired-samples");
    expectDone(await train(paired, run));
    const samples = folderHashes(join(run, "samples", "000002"));
    const kinds = ["cycled", "input", "translated", "truth"];
    expect(Object.keys(samples)).toEqual(
      ["a", "b"].flatMap((domain) => kinds.map((kind) => `${domain}-${kind}-0.png`)),
    );
    expect(samples["a-truth-0.png"]).toBe(samples["b-input-0.png"]);
    expect(samples["b-truth-0.png"]).toBe(samples["a-input-0.png"]);
  });

  it("keeps as many checkpoints as configured, the newest", async () => {
    const run = join(folder, "kept");
    expectDone(
      await train(unpaired, run, {
        "training.maxSteps": 5,
        "training.checkpointEvery": 1,
        "training.keepCheckpoints": 2,
        "training.sampleEvery": 0,
      }),
    );
    expect(new Set(filesBelow(join(run, "checkpoints")).map((name) => name.split("/")[0]))).toEqual(
      new Set(["000004", "000005"]),
    );
  });

  it("is that of the initial weights with maxSteps 0", async () => {
    const run = join(folder, "initial");
    const lines = expectDone(await train(unpaired, run, { "training.maxSteps": 0 }));
    expect(lines.map(({ type }) => type)).toEqual(["checkpoint", "finished"]);
    expect(lines.at(-1)).toMatchObject({ step: 0, checkpoint: join(run, "checkpoints", "000000") });
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: 0 });
    expect(filesBelow(join(run, "checkpoints"))).toHaveLength(5);
  });
});

describe("what to train", () => {
  it("is read from a file with comments, whose data folder is relative to it; --set comes after it", async () => {
    const { "training.maxSteps": _, ...others } = tiny;
    const project = writeTree(join(folder, "project"), {
      "revgan.json": `{
        // Two domains.
        "mode": "unpaired", /* the default */
        "data": { "path": "../unpaired", },
        "training": { "maxSteps": 9, "seed": 3 },
      }`,
    });
    const run = join(folder, "from-file");
    expectDone(
      await revgan(
        [
          "train",
          "--config",
          "project/revgan.json",
          "--run",
          "from-file",
          "--json",
          ...sets({ ...others, "training.maxSteps": 1 }),
        ],
        folder,
      ),
    );
    expect(readRunFile(run)).toMatchObject({ seed: 3, step: 1, config: { data: { path: unpaired } } });
    expect(filesBelow(project)).toEqual(["revgan.json"]);
  });

  it("goes into .revgan/runs by default, named by the data and the time in UTC, out of the way of git", async () => {
    const workspace = writeTree(join(folder, "workspace"), { "keep.txt": "" });
    const before = new Date();
    const [first, second] = await Promise.all(
      [1, 2].map(async (seed) =>
        expectDone(
          await revgan(
            ["train", "--data", paired, "--json", ...sets({ ...tiny, "training.maxSteps": 0, "training.seed": seed })],
            workspace,
          ),
        ),
      ),
    );
    const runs = [first, second].map((lines) => ofType(lines!, "finished")[0]!.run);
    expect(runs[0]).not.toBe(runs[1]);
    for (const run of runs) {
      const [, stamp] = /^\/.*\/workspace\/\.revgan\/runs\/paired-(\d{8}-\d{6})(-2)?$/.exec(run)!;
      const [, y, m, d, h, min, s] = /(....)(..)(..)-(..)(..)(..)/.exec(stamp!)!;
      const time = Date.parse(`${y!}-${m!}-${d!}T${h!}:${min!}:${s!}Z`);
      expect(time).toBeGreaterThanOrEqual(before.getTime() - 1000);
      expect(time).toBeLessThanOrEqual(Date.now());
    }
    expect(readFileSync(join(workspace, ".revgan", ".gitignore"), "utf8")).toBe("*\n");
  });

  it("may be said without --json: results on stdout, news on stderr, and no line of JSON", async () => {
    const run = join(folder, "plain");
    const { code, stdout, stderr } = await revgan(["train", "--data", unpaired, "--run", run, ...sets(tiny)]);
    expect(code).toBe(0);
    expect(stdout).toBe(`Finished at step 2: ${run}\n`);
    expect(stderr).toMatch(
      /3 images of A and 2 of B[^]*Engine: wasm[^]*2\/2 epoch 1 .* steps\/s .* left .* MiB tensors.* cycle_A \d/,
    );
    expect(stderr).not.toContain('{"');
  });
});

describe("the seed", () => {
  it.each(extent(["native"], ["wasm", "native"]))(
    "gives the same losses and the same checkpoint again, on %s; another seed gives others",
    async (engine) => {
      const runs = ["one", "same", "other"].map((name) => join(folder, `seed-${engine}-${name}`));
      const losses = [];
      for (const [i, run] of runs.entries()) {
        const lines = expectDone(
          await train(unpaired, run, {
            engine,
            "training.maxSteps": 3,
            "training.poolSize": 2,
            "training.seed": i === 2 ? 1 : 0,
          }),
        );
        losses.push(ofType(lines, "step").map((line) => line.losses));
      }
      expect(losses[1]).toEqual(losses[0]);
      expect(checkpoint(runs[1]!, 3)).toEqual(checkpoint(runs[0]!, 3));
      expect(losses[2]).not.toEqual(losses[0]);
      const [one, other] = [checkpoint(runs[0]!, 3), checkpoint(runs[2]!, 3)];
      for (const name of Object.keys(one)) expect(other[name], name).not.toBe(one[name]);
    },
  );
});
