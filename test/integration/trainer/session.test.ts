import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Line, parseLine } from "../../../extension/protocol/lines";
import { ofType, resume } from "../../support/commandLine";
import { descendants, isAlive, startSession, until, workspace } from "../../support/trainer";

const steps = (lines: readonly Line[]): number[] => ofType(lines, "step").map(({ step }) => step);
const readRun = (run: string): { state: string; step: number } =>
  JSON.parse(readFileSync(join(run, "run.json"), "utf8")) as { state: string; step: number };
const written = (run: string): Line[] =>
  readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n").slice(0, -1).map(parseLine);

it("trains to the end, tells every line once and in order, and leaves the run folder finished", async () => {
  const { folder, config, sets } = workspace({
    "training.maxSteps": 40,
    "training.sampleEvery": 20,
    "training.checkpointEvery": 20,
  });
  const { session, lines, states } = startSession(folder, { type: "train", config, sets });
  expect(await session.over).toEqual({ name: "finished" });
  const { run } = session.started!;
  expect(run.startsWith(join(folder, ".revgan", "runs"))).toBe(true);
  expect(steps(lines)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(ofType(lines, "sample").map(({ step }) => step)).toEqual([20, 40]);
  expect(ofType(lines, "finished")).toHaveLength(1);
  expect(ofType(lines, "step")).toEqual(written(run));
  expect(states).toEqual(["starting", "running", "finished"]);
  expect(readRun(run).state).toBe("finished");
});

it("pauses between two terms, stays as it is, and goes on", async () => {
  const { folder, config, sets } = workspace();
  const { session, lines, states } = startSession(folder, { type: "train", config, sets });
  await until("some steps", () => lines.length > 3);
  await session.pause();
  const { run } = session.started!;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = lines.length;
  expect(readRun(run).state).toBe("paused");
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(lines).toHaveLength(paused);
  await session.resume();
  await until("more steps", () => lines.length > paused + 3);
  expect(readRun(run).state).toBe("running");
  expect(states).toEqual(["starting", "running", "paused", "running"]);
  await session.stop();
});

it("stops at once for the user, with a whole checkpoint of the last whole step and no process left", async () => {
  const { folder, config, sets } = workspace();
  const { session, lines } = startSession(folder, { type: "train", config, sets });
  await until("some steps", () => lines.length > 3);
  const family = [session.pid!, ...descendants(session.pid!)];
  const stopping = session.stop();
  expect(session.state.name).toBe("stopping");
  await stopping;
  expect(session.state.name).toBe("stopped");
  expect(family.length).toBeGreaterThan(1);
  await until("the processes to be gone", () => !family.some(isAlive), 2);
  const { run } = session.started!;
  const last = steps(lines).at(-1)!;
  expect(ofType(lines, "checkpoint").at(-1)?.step).toBe(last);
  expect(readRun(run)).toMatchObject({ state: "stopped", step: last });
  expect(existsSync(join(run, "lock"))).toBe(false);
  const { code, stderr } = await resume(run, { "training.maxSteps": last + 2 });
  expect(`${stderr}exit ${String(code)}`).toMatch(/exit 0$/);
  expect(steps(written(run))).toEqual(Array.from({ length: last + 2 }, (_, i) => i + 1));
});

it("stops while it is paused", async () => {
  const { folder, config, sets } = workspace();
  const { session, lines } = startSession(folder, { type: "train", config, sets });
  await until("some steps", () => lines.length > 3);
  await session.pause();
  await session.stop();
  expect(session.state.name).toBe("stopped");
  expect(readRun(session.started!.run).state).toBe("stopped");
});

it("stops before its first step, and leaves no half-made run behind that cannot be deleted or resumed", async () => {
  const { folder, config, sets } = workspace();
  const { session } = startSession(folder, { type: "train", config, sets });
  await session.stop();
  expect(session.state.name).toBe("stopped");
});

it("explains a trainer that the system has killed", async () => {
  const { folder, config, sets } = workspace();
  const { session, lines } = startSession(folder, { type: "train", config, sets });
  await until("some steps", () => lines.length > 3);
  const family = [session.pid!, ...descendants(session.pid!)];
  process.kill(session.pid!, "SIGKILL");
  const state = await session.over;
  expect(state).toMatchObject({
    name: "failed",
    failure: {
      message: expect.stringMatching(/killed by the system.*memory/) as string,
      remedy: expect.stringMatching(/data\.cropSize.*resume/) as string,
    },
  });
  await until("its helpers to be gone", () => !family.some(isAlive), 10);
});

it("tells what is wrong with a configuration, and writes nothing", async () => {
  const { folder, config } = workspace();
  const { session } = startSession(folder, { type: "train", config, sets: ["network.dept=3"] });
  const state = await session.over;
  expect(state).toMatchObject({
    name: "failed",
    failure: { code: "config", message: expect.stringMatching(/network\.depth/) as string },
  });
  expect(existsSync(join(folder, ".revgan"))).toBe(false);
});

it("a trainer whose host is gone brings its training to a good end", async () => {
  const { folder, config, sets } = workspace();
  const { session, lines } = startSession(folder, { type: "train", config, sets });
  await until("some steps", () => lines.length > 3);
  const pid = session.pid!;
  const family = [pid, ...descendants(pid)];
  session.dispose();
  await until("the processes to be gone", () => !family.some(isAlive), 10);
  const { run } = session.started!;
  const { state, step } = readRun(run);
  expect(state).toBe("stopped");
  expect(steps(written(run)).at(-1)).toBe(step);
});
