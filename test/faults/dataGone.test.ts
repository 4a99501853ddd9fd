import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type StepLine } from "../../extension/protocol/lines";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  readRunFile,
  resume,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../support/commandLine";
import { isFull } from "../support/full";
import { startSession, until, workspace } from "../support/trainer";

const folder = sharedFolder();
const last = 24;
const settings = {
  "training.sampleEvery": 3,
  "training.checkpointEvery": 1000,
  "training.poolSize": 2,
  "training.maxSteps": last,
};
const undisturbed = join(folder, "undisturbed");

beforeAll(async () => {
  expectDone(await train(unpairedData(join(folder, "data")), undisturbed, settings));
});

/** A training of its own data, after its first steps. */
async function begun(name: string): Promise<{ data: string; run: string; training: Running }> {
  const [data, run] = [unpairedData(join(folder, `${name}-data`)), join(folder, name)];
  const training = new Running(["train", "--json", "--data", data, "--run", run, ...sets({ ...tiny, ...settings })]);
  await training.says('"step":5,');
  return { data, run, training };
}

/** The training has come to its end as if nothing had been. */
function expectUndisturbed(run: string): void {
  expect(readRunFile(run)).toMatchObject({ state: "finished", step: last, error: null });
  expect(metricsOf(run).map((line) => (line as StepLine).step)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  expect(checkpoint(run, last)).toEqual(checkpoint(undisturbed, last));
}

describe("a training whose data folder is gone", () => {
  if (isFull)
    it("waits until it is back, and is then as if nothing had been", async () => {
      const { data, run, training } = await begun("away");
      renameSync(data, `${data}-away`);
      await training.says(/^the data folder .*(trainA|trainB) is gone; the training waits until it is back$/m);
      await until("the pause", () => readRunFile(run).state === "paused");
      expect(readRunFile(run).error).toMatchObject({
        code: "data",
        message: expect.stringContaining("is gone; the training waits until it is back") as string,
      });
      const step = metricsOf(run).length;
      // Two tries later it still waits.
      await new Promise((resolve) => setTimeout(resolve, 4500));
      expect([metricsOf(run).length, readRunFile(run).state]).toEqual([step, "paused"]);
      renameSync(`${data}-away`, data);
      expectDone(await training.end);
      expectUndisturbed(run);
    });

  it("is shown as paused, and goes on by itself", async () => {
    const { folder: workplace, config, sets: words } = workspace(settings);
    const { session, lines, states, log } = startSession(workplace, { type: "train", config, sets: words });
    await until("some steps", () => lines.length > 4);
    const data = join(workplace, "data");
    renameSync(data, `${data}-away`);
    await until("the pause", () => session.state.name === "paused");
    expect(session.state).toEqual({
      name: "paused",
      why: expect.stringMatching(/^the data folder .* is gone; the training waits until it is back$/) as string,
    });
    expect(log.filter((line) => line.startsWith("warning"))).toEqual([
      expect.stringMatching(/^warning: the data folder .* is gone; the training waits until it is back$/),
    ]);
    renameSync(`${data}-away`, data);
    expect(await session.over).toEqual({ name: "finished" });
    expect(states).toEqual(["starting", "running", "paused", "running", "finished"]);
    expect(checkpoint(session.started!.run, last)).toEqual(checkpoint(undisturbed, last));
  });

  it("ends on Ctrl-C with its last step saved, and is resumed", async () => {
    const { data, run, training } = await begun("interrupted");
    renameSync(data, `${data}-away`);
    await training.says("the training waits until it is back");
    expectRefused(await training.interrupt(), {
      exit: 130,
      code: "interrupted",
      says: ["which is saved", `revgan resume ${run}`],
    });
    expect(existsSync(join(run, "lock"))).toBe(false);
    renameSync(`${data}-away`, data);
    expectDone(await resume(run));
    expectUndisturbed(run);
  });
});

it("a training of whose pictures one is gone ends with a line that names it, with its last step saved", async () => {
  const { data, run, training } = await begun("one-gone");
  const picture = join(data, "trainA", "A0.png");
  renameSync(picture, `${picture}.away`);
  const ended = await training.end;
  expectRefused(ended, {
    exit: 2,
    code: "data",
    says: [`${picture} is not there; put it back`, `revgan resume ${run}`],
  });
  const { step, state } = readRunFile(run);
  expect([state, step]).toEqual(["failed", metricsOf(run).length]);
  expect(existsSync(join(run, "checkpoints", String(step).padStart(6, "0")))).toBe(true);
  renameSync(`${picture}.away`, picture);
  expectDone(await resume(run));
  expectUndisturbed(run);
});

if (isFull)
  it("a training that goes on with fewer pictures says so", async () => {
    const { data, run, training } = await begun("fewer");
    await training.interrupt();
    rmSync(join(data, "trainA", "A0.png"));
    const ended = await resume(run);
    expectDone(ended);
    for (const text of [ended.stderr, readFileSync(join(run, "log.txt"), "utf8")])
      expect(text).toMatch(/the training data have changed since step \d+: 2 of A and 2 of B instead of 3 and 2/);
  });
