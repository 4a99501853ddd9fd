import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  ofType,
  pairedData,
  readRunFile,
  resume,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { testedGpu } from "../../support/engines";
import { extent, isFull } from "../../support/full";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const unpaired = unpairedData(join(folder, "unpaired"));
const paired = pairedData(join(folder, "paired"));

/** Everything on that draws random numbers; an epoch is two steps, of which the second is filled up. */
const random = {
  "data.shuffle": true,
  "data.flip": true,
  "training.poolSize": 2,
  "training.batchSize": 2,
  "training.decayEpochs": 2,
  "training.epochs": 1,
};

/** Steps until a signal comes. */
const long = { ...random, "training.epochs": 1000, "training.maxSteps": 1000 };

describe("six steps and three, then three more", () => {
  const atLength: [string, string, object][] = [
    ["unpaired, on wasm", unpaired, { engine: "wasm", ...random }],
    ["unpaired with affine coupling", unpaired, { "network.coupling": "affine" }],
    ["a CycleGAN", unpaired, { "network.kind": "cyclegan", ...random }],
    ...(testedGpu === "none"
      ? []
      : [
          ["unpaired, on webgpu", unpaired, { engine: "webgpu", gpu: testedGpu, ...random }] as [
            string,
            string,
            object,
          ],
        ]),
  ];
  it.each([
    ["unpaired, on native", unpaired, { engine: "native", ...random }],
    ["paired, on wasm", paired, { engine: "wasm" }],
    ...extent([], atLength),
  ] as const)("end in the same checkpoint, byte for byte: %s", async (name, data, values) => {
    const whole = join(folder, `${name}-whole`);
    const parts = join(folder, `${name}-parts`);
    const inOne = expectDone(await train(data, whole, { ...values, "training.maxSteps": 6 }));
    const first = expectDone(await train(data, parts, { ...values, "training.maxSteps": 3 }));
    const second = expectDone(await resume(parts, { "training.maxSteps": 6 }));

    expect(ofType(second, "step").map(({ step }) => step)).toEqual([4, 5, 6]);
    expect(second.at(-1)).toEqual({
      type: "finished",
      run: parts,
      step: 6,
      checkpoint: join(parts, "checkpoints", "000006"),
    });
    const told = ["step", "epoch", "losses", "learningRate"] as const;
    const plain = (lines: typeof inOne): unknown[] => ofType(lines, "step").map((line) => told.map((key) => line[key]));
    expect(plain([...first, ...second])).toEqual(plain(inOne));
    expect(checkpoint(parts, 6)).toEqual(checkpoint(whole, 6));
    expect(Object.keys(checkpoint(parts, 6))).toHaveLength(5);
    expect(metricsOf(parts).map((line) => "step" in line && line.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readRunFile(parts)).toMatchObject({ state: "finished", step: 6, config: { training: { maxSteps: 6 } } });
  });

  if (isFull)
    it("may change what the core keeps for its backward pass in between", async () => {
      const [whole, parts] = [join(folder, "stored-whole"), join(folder, "stored-parts")];
      expectDone(await train(unpaired, whole, { "training.maxSteps": 2 }));
      expectDone(await train(unpaired, parts, { "training.maxSteps": 1 }));
      expectDone(await resume(parts, { "training.maxSteps": 2, "network.backprop": "store" }));
      expect(checkpoint(parts, 2)).toEqual(checkpoint(whole, 2));
    });
});

it("a run keeps its way of convolution, and says so where the processor does not have it", async () => {
  const run = join(folder, "instructions");
  const native = { engine: "native", "training.maxSteps": 1 };
  vi.stubEnv("REVGAN_INSTRUCTIONS", "plain");
  expectDone(await train(unpaired, run, native));
  vi.unstubAllEnvs();
  expect(readRunFile(run).convolution).toBe("winograd plain");
  const again = await resume(run, { "training.maxSteps": 2 });
  expectDone(again);
  expect(readRunFile(run).convolution).toBe("winograd plain");
  const file = join(run, "run.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("winograd plain", "winograd of tomorrow"));
  const elsewhere = await resume(run, { "training.maxSteps": 3 });
  expectDone(elsewhere);
  const now = readRunFile(run).convolution!;
  expect(now).toMatch(/^winograd (avx512|avx2|plain)$/);
  expect(elsewhere.stderr).toContain(`${now} instead of winograd of tomorrow`);
  expect(again.stderr).not.toContain("instead of");
  expectDone(await resume(run, { "training.maxSteps": 4, convolution: "direct" }));
  expect(readRunFile(run)).toMatchObject({ convolution: "direct", config: { convolution: "direct" } });
});

describe("Ctrl-C", () => {
  it("finishes the step, saves it and ends with 130; resume then gives the same bytes", async () => {
    const run = join(folder, "interrupted");
    const running = new Running(["train", "--json", "--data", unpaired, "--run", run, ...sets({ ...tiny, ...long })]);
    await running.says('"step":2');
    const stopped = await running.interrupt();

    const done = readRunFile(run).step;
    const error = expectRefused(stopped, {
      exit: 130,
      code: "interrupted",
      says: [`stopped after step ${done}, which is saved`, `revgan resume ${run}`],
    });
    expect(error.message).not.toBe("");
    expect(metricsOf(run)).toHaveLength(done);
    expect(readRunFile(run)).toMatchObject({ state: "stopped", error: null });
    expect(existsSync(join(run, "lock"))).toBe(false);
    await expectSameAsWhole(run, done, done + 2);
  });

  it("before the first step leaves no run behind, or a whole one", async () => {
    const run = join(folder, "interrupted-early");
    const running = new Running([
      "train",
      "--data",
      unpaired,
      "--run",
      run,
      ...sets({ ...tiny, engine: "native", "training.maxSteps": 1000 }),
    ]);
    // Then it tries the engine, in a process that Ctrl-C does not reach.
    await running.says("3 images of A");
    const { code, stderr } = await running.interrupt();
    expect(stderr).toMatch(/^revgan: [^\n]+\n/m);
    expect(code).toBe(130);
    if (existsSync(run)) expectDone(await resume(run, { "training.maxSteps": readRunFile(run).step + 1 }));
  });

  if (isFull)
    it("while resuming, saves what was done since", async () => {
      const run = join(folder, "interrupted-twice");
      expectDone(await train(unpaired, run, { ...random, "training.maxSteps": 1 }));
      const running = new Running([
        "resume",
        run,
        "--json",
        ...sets({ "training.maxSteps": 1000, "training.epochs": 1000 }),
      ]);
      await running.says('"step":2');
      expectRefused(await running.interrupt(), { exit: 130, code: "interrupted", says: ["which is saved"] });
      const done = readRunFile(run).step;
      expect(done).toBeGreaterThanOrEqual(2);
      await expectSameAsWhole(run, done, done + 1);
    });
});

describe("a training that was killed", () => {
  it("goes on from its latest checkpoint, time after time; steps stay unique and the bytes are the same", async () => {
    const run = join(folder, "killed");
    const often = { "training.checkpointEvery": 1, "training.sampleEvery": 2 };
    const running = new Running([
      "train",
      "--json",
      "--data",
      unpaired,
      "--run",
      run,
      ...sets({ ...tiny, ...long, ...often }),
    ]);
    await running.says('"step":2');
    await running.kill();
    for (const more of [1, 2]) {
      const next = new Running(["resume", run, "--json"]);
      await next.says(more === 1 ? '"type":"step"' : '"type":"checkpoint"');
      await next.kill();
    }
    const reached = readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n").length - 1;
    // As a machine leaves it that lost its power while writing a line.
    appendFileSync(join(run, "metrics.jsonl"), '{"type":"step","st');

    const lines = expectDone(await resume(run, { "training.maxSteps": reached + 2 }));
    expect(lines.at(-1)).toMatchObject({ type: "finished", step: reached + 2 });
    expect(metricsOf(run).map((line) => "step" in line && line.step)).toEqual(
      Array.from({ length: reached + 2 }, (_, i) => i + 1),
    );
    const whole = join(folder, "killed-whole");
    expectDone(await train(unpaired, whole, { ...long, "training.maxSteps": reached + 2 }));
    expect(checkpoint(run, reached + 2)).toEqual(checkpoint(whole, reached + 2));
    expect(existsSync(join(run, "lock"))).toBe(false);
  });
});

describe("a finished run", () => {
  it("without more steps says that it is finished, and is left as it was", async () => {
    const run = join(folder, "finished");
    expectDone(await train(unpaired, run));
    const before = checkpoint(run, 2);
    const ended = await resume(run);
    expect(expectDone(ended)).toEqual([
      { type: "finished", run, step: 2, checkpoint: join(run, "checkpoints", "000002") },
    ]);
    expect(ended.stderr).toMatch(/finished/i);
    expect(checkpoint(run, 2)).toEqual(before);
    expect(metricsOf(run)).toHaveLength(2);
  });

  it("is named by a path relative to where the user is, and its lines have absolute ones", async () => {
    const run = join(folder, "relative");
    expectDone(await train(unpaired, run));
    const lines = expectDone(await revgan(["resume", "relative", "--json", "--set", "training.maxSteps=3"], folder));
    expect(ofType(lines, "sample")[0]!.path).toBe(join(run, "samples", "000003"));
    expect(lines.at(-1)).toEqual({ type: "finished", run, step: 3, checkpoint: join(run, "checkpoints", "000003") });
  });
});

/** Goes on to `to` and compares with a training that was never interrupted. */
async function expectSameAsWhole(run: string, done: number, to: number): Promise<void> {
  const lines = expectDone(await resume(run, { "training.maxSteps": to }));
  expect(ofType(lines, "step").map(({ step }) => step)).toEqual(
    Array.from({ length: to - done }, (_, i) => done + 1 + i),
  );
  const whole = `${run}-whole`;
  expectDone(
    await train(unpaired, whole, {
      ...long,
      "training.maxSteps": to,
      "training.epochs": readRunFile(run).config.training.epochs,
    }),
  );
  expect(checkpoint(run, to)).toEqual(checkpoint(whole, to));
}
