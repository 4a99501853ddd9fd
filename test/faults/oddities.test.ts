import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, rmdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { formatLine, type StepLine } from "../../extension/protocol/lines";
import { explainExit } from "../../extension/host/exitReason";
import {
  checkpoint,
  expectDone,
  expectRefused,
  metricsOf,
  ofType,
  readRunFile,
  resume,
  sets,
  sharedFolder,
  train,
  unpairedData,
} from "../support/commandLine";
import { extent } from "../support/full";
import { cliProgram } from "../support/programs";

/** Bytes of metrics and of a log that are a lot. */
const huge = extent(60e6, 1e9);

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));
const undisturbed = join(folder, "undisturbed");
const trained = join(folder, "trained");

beforeAll(async () => {
  expectDone(await train(data, undisturbed, { "training.maxSteps": 6 }));
  expectDone(await train(data, trained, { "training.maxSteps": 3 }));
});

/** A copy of a run of three steps, to do things to. */
function copyOf(name: string): string {
  const run = join(folder, name);
  cpSync(trained, run, { recursive: true });
  return run;
}

it("a clock that jumps changes nothing but the times that are noted", async () => {
  const clock = join(folder, "clock.cjs");
  // Back and forth by up to a day at every look.
  writeFileSync(
    clock,
    `const now = Date.now; let looks = 0;
    const jump = () => ((++looks * 7919) % 48 - 24) * 3600e3;
    globalThis.Date = class extends Date { constructor(...args) { super(...(args.length === 0 ? [now() + jump()] : args)); } static now() { return now() + jump(); } };`,
  );
  process.env.NODE_OPTIONS = `--require=${clock}`;
  onTestFinished(() => {
    delete process.env.NODE_OPTIONS;
  });
  const run = join(folder, "clock");
  expectDone(await train(data, run, { "training.maxSteps": 3, "training.checkpointEvery": 1 }));
  expectDone(await resume(run, { "training.maxSteps": 6 }));
  const lines = ofType(metricsOf(run), "step");
  expect(new Set(lines.map(({ time }) => time.slice(0, 13))).size).toBeGreaterThan(1);
  expect(lines.every(({ seconds }) => seconds > 0 && seconds < 60)).toBe(true);
  expect(checkpoint(run, 6)).toEqual(checkpoint(undisturbed, 6));
});

it("of many that want to go on with a run at once, one does", async () => {
  const run = copyOf("wanted");
  const all = await Promise.all(Array.from({ length: 5 }, () => resume(run, { "training.maxSteps": 6 })));
  const losers = all.filter(({ code }) => code !== 0);
  // Who starts after the first has ended finds a finished run.
  expect(losers.length).toBeLessThan(all.length);
  for (const loser of losers) expectRefused(loser, { exit: 2, code: "locked", says: [run, "has been training"] });
  expect(metricsOf(run).map((line) => (line as StepLine).step)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(checkpoint(run, 6)).toEqual(checkpoint(undisturbed, 6));
});

it(
  `${huge / 1e6} MB of metrics after the checkpoint, and as much of a log, cost no memory`,
  { timeout: 600_000 },
  async () => {
    const run = copyOf("huge");
    const [metrics, log] = [join(run, "metrics.jsonl"), join(run, "log.txt")];
    const line = metricsOf(run).at(-1) as StepLine;
    for (let step = 4; statSync(metrics).size < huge;)
      appendFileSync(metrics, Array.from({ length: 20_000 }, () => formatLine({ ...line, step: step++ })).join(""));
    truncateSync(log, huge);
    const [step] = ofType(expectDone(await resume(run, { "training.maxSteps": 6 })), "step");
    expect(step!.step).toBe(4);
    const usual = ofType(metricsOf(undisturbed), "step")[3]!.residentBytes;
    expect(step!.residentBytes - usual).toBeLessThan(150e6);
    expect(metricsOf(run)).toHaveLength(6);
    expect(statSync(log).size).toBeGreaterThan(huge);
  },
);

it("data that go and come back end the training with one line, and it goes on", async () => {
  const run = copyOf("gone");
  const [there, away] = [join(data, "trainA"), join(data, "away")];
  execFileSync("mv", [there, away]);
  try {
    expectRefused(await resume(run, { "training.maxSteps": 6 }), { exit: 2, code: "data", says: [data] });
  } finally {
    execFileSync("mv", [away, there]);
  }
  expectDone(await resume(run, { "training.maxSteps": 6 }));
  expect(checkpoint(run, 6)).toEqual(checkpoint(undisturbed, 6));
});

/** A group of processes whose memory Linux limits; null where that is not permitted. */
function limitedGroup(bytes: number): string | null {
  const group = `/sys/fs/cgroup/memory/revgan-${process.pid}`;
  try {
    mkdirSync(group);
    writeFileSync(join(group, "memory.limit_in_bytes"), String(bytes));
    onTestFinished(() => rmdirSync(group));
    return group;
  } catch {
    return null;
  }
}

describe("a limit of memory", () => {
  it("that is reached is told as such, and the run is resumed once there is more", async (context) => {
    const run = copyOf("limited");
    const group = limitedGroup(45e6);
    if (group === null) return context.skip("groups of processes cannot be made here");
    const words = [process.execPath, cliProgram, "resume", run, "--json", ...sets({ "training.maxSteps": 6 })];
    const { status, signal, stderr } = spawnSync(
      "sh",
      ["-c", `echo $$ > ${join(group, "cgroup.procs")} && exec "$@"`, "sh", ...words],
      { encoding: "utf8" },
    );
    const death = explainExit({ code: status, signal, stderr });
    expect(death.message).toMatch(/memory/);
    expect(death.remedy).toContain("resume from the checkpoint");
    expectDone(await resume(run, { "training.maxSteps": 6 }));
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: 6 });
    expect(checkpoint(run, 6)).toEqual(checkpoint(undisturbed, 6));
  });
});
