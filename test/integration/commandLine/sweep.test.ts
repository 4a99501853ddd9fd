import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { applyAssignments } from "../../../extension/configuration/assignments";
import type { FinishedLine } from "../../../extension/protocol/lines";
import {
  checkpoint,
  expectDone,
  expectRefused,
  folderHashes,
  linesOf,
  metricsOf,
  ofType,
  readRunFile,
  Running,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { cliProgram, ended, revgan } from "../../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

/** The tiny network as a base, with other values. */
function base(values: Readonly<Record<string, unknown>> = {}): unknown {
  const all = { ...tiny, "data.path": "data", ...values };
  return applyAssignments(
    {},
    Object.entries(all).map(([key, value]) => ({ key, value })),
  );
}

/** A sweep's file; its runs are in the folder of its name. */
function sweepFile(name: string, content: Readonly<Record<string, unknown>>): { file: string; runs: string } {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ base: base(), runs: name, ...content }));
  return { file, runs: join(folder, name) };
}

const finished = (run: string, step: number): FinishedLine => ({
  type: "finished",
  run,
  step,
  checkpoint: join(run, "checkpoints", String(step).padStart(6, "0")),
});

const byRun = (lines: readonly FinishedLine[]): FinishedLine[] => lines.toSorted((a, b) => (a.run < b.run ? -1 : 1));

describe("a sweep of two depths and two seeds", () => {
  const { file, runs } = sweepFile("grid", { grid: { "network.depth": [1, 2] }, seeds: [0, 1] });
  const names = ["depth-1_seed-0", "depth-1_seed-1", "depth-2_seed-0", "depth-2_seed-1"];
  const lines = names.map((name) => finished(join(runs, name), 2));

  it("trains a run for each, two at a time, which is the run of `revgan train`", async () => {
    const ended = await revgan(["sweep", file, "--jobs", "2", "--json"]);
    expect(byRun(ofType(expectDone(ended), "finished"))).toEqual(lines);
    expect(linesOf(ended.stdout)).toHaveLength(4);
    expect(readdirSync(runs).sort()).toEqual(names);
    for (const name of names) {
      const [, depth, seed] = /^depth-(\d)_seed-(\d)$/.exec(name)!;
      const { config, seed: trained } = readRunFile(join(runs, name));
      expect([config.network.depth, config.training.seed, trained]).toEqual([depth, seed, seed].map(Number));
    }
    const alone = join(folder, "alone");
    expectDone(await train(data, alone, { "network.depth": 2, "training.seed": 1 }));
    expect(checkpoint(join(runs, "depth-2_seed-1"), 2)).toEqual(checkpoint(alone, 2));
    expect(readRunFile(join(runs, "depth-2_seed-1")).config).toEqual(readRunFile(alone).config);
  });

  it("does not train them again, and shows people how they compare", async () => {
    const before = folderHashes(runs);
    const { code, stdout, stderr } = await revgan(["sweep", file]);
    expect(code).toBe(0);
    expect(stderr.trimEnd().split("\n")).toEqual(names.map((name) => `${name}: is finished at step 2`));
    const rows = stdout.split("\n");
    expect(rows[0]).toMatch(/^RUN +KIND +DEPTH +SEED +PARAMETERS +PEAK +S\/STEP +STEPS$/);
    expect(rows.slice(1, 5).map((row) => row.split(" ")[0])).toEqual(names);
    // The means over the seeds.
    expect(rows[8]).toMatch(/^KIND +DEPTH +RUNS +PARAMETERS +PEAK +S\/STEP +STEPS$/);
    expect(rows.slice(9, 11).map((row) => row.trim().split(/ +/).slice(0, 3))).toEqual([
      ["revgan", "1", "2"],
      ["revgan", "2", "2"],
    ]);
    expect(ofType(expectDone(await revgan(["sweep", file, "--json"])), "finished")).toEqual(lines);
    expect(folderHashes(runs)).toEqual(before);
  });

  it("goes on with further values, and trains one number alone", async () => {
    const more = { grid: { "network.depth": [1, 2] }, seeds: [0, 1, 2] };
    sweepFile("grid", more);
    const one = expectDone(await revgan(["sweep", file, "--json", "--only", "5"]));
    expect(one).toEqual([finished(join(runs, "depth-2_seed-2"), 2)]);
    expect(existsSync(join(runs, "depth-1_seed-2"))).toBe(false);
    expectRefused(await revgan(["sweep", file, "--json", "--only", "6"]), {
      exit: 2,
      code: "usage",
      says: ["--only must be a run's number from 0 to 5, not 6"],
    });
  });

  it("without Slurm leaves the script of the runs that are not finished", async () => {
    const env = { PATH: join(folder, "nothing") };
    const args = ["sweep", file, "--json", "--slurm", "--time", "00:10:00", "--cpus", "2"];
    const script = join(runs, "sweep.sh");
    expectRefused(await withoutFinished(ended(process.execPath, [cliProgram, ...args], { env })), {
      exit: 2,
      code: "usage",
      says: [`sbatch is not on the PATH; the script of the job array is ${script}; submit it where Slurm is: sbatch`],
    });
    execFileSync("sh", ["-n", script]);
    const text = readFileSync(script, "utf8");
    for (const words of ["--array=2", "--time=00:10:00", "--cpus-per-task=2"])
      expect(text).toContain(`#SBATCH ${words}\n`);
    // Two gibibytes, and the few bytes of the tiny network.
    expect(text).toMatch(/#SBATCH --mem=20(49|5\d)M\n/);
    // What a task does.
    execFileSync("sh", [script], { env: { ...process.env, SLURM_ARRAY_TASK_ID: "2" }, stdio: "ignore" });
    expect(readRunFile(join(runs, "depth-1_seed-2"))).toMatchObject({ state: "finished", step: 2 });
    const all = await revgan(["sweep", file, "--slurm"]);
    expect(all).toMatchObject({ code: 0, stdout: "" });
    expect(all.stderr).toContain("All runs are finished: there is nothing to submit");
  });

  it("refuses runs of other values, and what is no run, before it trains anything", async () => {
    const refused = async (words: string, code: "run" | "locked"): Promise<void> => {
      expectRefused(await revgan(["sweep", file, "--json"]), { exit: 2, code, says: [words] });
      expect(existsSync(join(runs, "depth-1_seed-3"))).toBe(false);
    };
    const grid = { "network.depth": [1, 2] };
    sweepFile("grid", { base: base({ "training.maxSteps": 3 }), grid, seeds: [3, 0] });
    await refused(`${join(runs, "depth-1_seed-0")} was trained with training.maxSteps 2, and the sweep says 3`, "run");
    const foreign = join(runs, "depth-1_seed-4");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "notes.txt"), "mine");
    sweepFile("grid", { grid, seeds: [3, 4] });
    await refused(`${foreign} is no run: it holds something, and has no run.json`, "run");
    expect(readFileSync(join(foreign, "notes.txt"), "utf8")).toBe("mine");
    rmSync(foreign, { recursive: true });

    const begun = join(runs, "depth-1_seed-0");
    const run = readRunFile(begun);
    writeFileSync(join(begun, "run.json"), JSON.stringify({ ...run, state: "running" }));
    const startedAt = new Date().toISOString();
    writeFileSync(join(begun, "lock"), JSON.stringify({ pid: process.pid, host: hostname(), startedAt }));
    sweepFile("grid", { grid, seeds: [3, 0] });
    await refused(`process ${process.pid} on ${hostname()} has been training ${begun}`, "locked");
  });

  it("begins a run anew that was killed before its first checkpoint", async () => {
    const killed = join(folder, "killed");
    cpSync(join(runs, "depth-1_seed-1"), join(killed, "seed-1"), { recursive: true });
    const run = join(killed, "seed-1");
    rmSync(join(run, "checkpoints"), { recursive: true });
    writeFileSync(join(run, "run.json"), JSON.stringify({ ...readRunFile(run), state: "running" }));
    // Nobody has this process id.
    const lock = { pid: 2 ** 31 - 1, host: hostname(), startedAt: new Date().toISOString() };
    writeFileSync(join(run, "lock"), JSON.stringify(lock));
    const { file: again } = sweepFile("killed", { seeds: [1] });
    const told = await revgan(["sweep", again]);
    expect(told).toMatchObject({ code: 0, stdout: "" });
    expect(told.stderr).toContain("seed-1: begins anew: it had no checkpoint (1 of 1)\n");
    expect(metricsOf(run)).toHaveLength(2);
    expect(checkpoint(run, 2)).toEqual(checkpoint(join(runs, "depth-1_seed-1"), 2));
  });
});

/** Checks the line of the error alone. */
async function withoutFinished(end: ReturnType<typeof revgan>): ReturnType<typeof revgan> {
  const { stdout, ...rest } = await end;
  return { ...rest, stdout: stdout.replace(/^.*"finished".*\n/gm, "") };
}

it("a sweep that Ctrl-C stops half way goes on to the same bytes", async () => {
  const steps = 15;
  const { file, runs } = sweepFile("stopped", { base: base({ "training.maxSteps": steps }), seeds: [0, 1, 2] });
  const running = new Running(["sweep", file]);
  await running.says(/seed-0: finished at step 15/);
  const second = join(runs, "seed-1");
  await vi.waitFor(() => expect(metricsOf(second).length).toBeGreaterThan(2), { timeout: 60_000, interval: 20 });
  // Slurm signals all processes of a job, also those that the sweep stops itself.
  const { pid } = JSON.parse(readFileSync(join(second, "lock"), "utf8")) as { pid: number };
  process.kill(pid, "SIGTERM");
  const { code, stdout, stderr } = await running.interrupt();
  expect(code).toBe(130);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^seed-1: stopped after step \d+, which is saved$/m);
  expect(stderr.trimEnd().split("\n").at(-1)).toBe(
    `revgan: stopped with 1 of 3 runs finished; go on with \`revgan sweep ${file}\``,
  );
  const { state, step } = readRunFile(second);
  expect(state).toBe("stopped");
  expect(step).toBeLessThan(steps);
  expect(existsSync(join(second, "lock"))).toBe(false);
  expect(existsSync(join(runs, "seed-2"))).toBe(false);

  const lines = ofType(expectDone(await revgan(["sweep", file, "--json"])), "finished");
  expect(lines.map(({ run, step: last }) => [basename(run), last])).toEqual([0, 1, 2].map((i) => [`seed-${i}`, steps]));
  expect(metricsOf(second).map((line) => "step" in line && line.step)).toEqual(
    Array.from({ length: steps }, (_, i) => i + 1),
  );
  const whole = join(folder, "whole");
  expectDone(await train(data, whole, { "training.maxSteps": steps, "training.seed": 1 }));
  expect(checkpoint(second, steps)).toEqual(checkpoint(whole, steps));
});

it("a second Ctrl-C ends all at once", async () => {
  const { file, runs } = sweepFile("twice", { base: base({ "training.maxSteps": 100_000 }), seeds: [0, 1] });
  const running = new Running(["sweep", file, "--jobs", "2"]);
  const folders = ["seed-0", "seed-1"].map((name) => join(runs, name));
  await vi.waitFor(() => folders.forEach((run) => expect(metricsOf(run).length).toBeGreaterThan(1)), {
    timeout: 60_000,
    interval: 20,
  });
  void running.interrupt();
  expect((await running.interrupt()).code).toBe(130);
  const counts = folders.map((run) => metricsOf(run).length);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(folders.map((run) => metricsOf(run).length)).toEqual(counts);
});

it.skipIf(process.platform === "win32")(
  "a sweep that is killed leaves no training behind, and a checkpoint",
  async () => {
    const { file, runs } = sweepFile("gone", { base: base({ "training.maxSteps": 100_000 }) });
    const running = new Running(["sweep", file, "--json"]);
    const run = join(runs, "run");
    await vi.waitFor(() => expect(metricsOf(run).length).toBeGreaterThan(1), { timeout: 60_000, interval: 20 });
    await running.kill();
    await vi.waitFor(() => expect(existsSync(join(run, "lock"))).toBe(false), { timeout: 60_000, interval: 20 });
    const { state, step } = readRunFile(run);
    expect(state).toBe("stopped");
    expect(Object.keys(checkpoint(run, step))).toHaveLength(5);
  },
);

it("a run that fails is told of, and the others are trained", async () => {
  const { file, runs } = sweepFile("failing", { grid: { "training.lambdaCycle": [5, 1e39, 2] } });
  const end = await revgan(["sweep", file, "--json"]);
  expect(end.code).toBe(1);
  const lines = linesOf(end.stdout);
  const good = [5, 2].map((weight) => finished(join(runs, `lambdaCycle-${weight}`), 2));
  expect(ofType(lines, "finished")).toEqual(good);
  const bad = "lambdaCycle-1e39";
  expect(ofType(lines, "error").map(({ code, message }) => [code, message.split(": ")[0]])).toEqual([
    ["diverged", bad],
  ]);
  expect(end.stderr.trimEnd().split("\n").at(-1)).toBe(
    `1 of 3 runs failed: ${bad}; \`revgan sweep ${file}\` tries them again`,
  );
});

it("one bad value among the runs is refused before anything is written", async () => {
  const { file, runs } = sweepFile("refused", { grid: { "training.batchSize": [1, 0] }, seeds: [0] });
  const refusal = { exit: 2, code: "config", says: [`${file}: training.batchSize must be a whole number`] } as const;
  for (const more of [[], ["--slurm"]]) {
    expectRefused(await revgan(["sweep", file, "--json", ...more]), refusal);
    expect(existsSync(runs)).toBe(false);
  }
});

it.each([
  [["--jobs", "0"], "--jobs must be a whole number of at least 1, not 0"],
  [["--gpus", "1"], "--gpus is of use with --slurm alone"],
  [["--slurm", "--only", "1"], "--slurm submits all runs, and takes no --only"],
  [["--slurm", "--time", "8h"], "--time must be hours, minutes and seconds, as 08:00:00, not 8h"],
  [["--slurm", "--partition", "a\nb"], "--partition must be a partition's name, not a b"],
])("%j is refused", async (words, says) => {
  const { file } = sweepFile("words", {});
  const end = await revgan(["sweep", file, ...words]);
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toContain(`revgan: ${says}; see \`revgan sweep --help\`\n`);
});
