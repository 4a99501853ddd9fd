import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkpoint,
  expectDone,
  expectRefused,
  ofType,
  readRunFile,
  sets,
  sharedFolder,
  tiny,
  unpairedData,
} from "../../support/commandLine";
import { until } from "../../support/browser/until";
import { cliProgram, ended, type Ended } from "../../support/programs";
import "../../support/ranks";
import { hasSlurm, Slurm } from "../../support/slurm";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"), { a: 5, b: 4 });
const settings = {
  ...tiny,
  engine: "native",
  "training.batchSize": 2,
  "training.sampleEvery": 0,
  "training.checkpointEvery": 2,
};

function words(run: string, values: Readonly<Record<string, unknown>>): string[] {
  return ["train", "--json", "--data", data, "--run", run, ...sets({ ...settings, ...values })];
}

describe.skipIf(!hasSlurm())("under a Slurm of this machine, srun", () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await Slurm.start();
  });
  afterAll(() => slurm.stop());

  const srun = (args: readonly string[], mpi = "pmi2"): Promise<Ended> =>
    ended("srun", [`--mpi=${mpi}`, "-n", "2", "--kill-on-bad-exit=1", process.execPath, cliProgram, ...args], {
      env: slurm.env,
    });

  it("trains on two ranks", async () => {
    const run = join(folder, "whole");
    const lines = expectDone(await srun(words(run, { "training.maxSteps": 4 })));
    expect(ofType(lines, "step")).toHaveLength(4);
    expect(readRunFile(run).ranks).toHaveLength(2);
  });

  it("is told where its processes do not belong together", async () => {
    const run = join(folder, "none");
    const { code, stdout, stderr } = await srun(words(run, { "training.maxSteps": 4 }), "none");
    // Each of the two is alone, and says so.
    const [line] = stderr.split("\n").filter((each) => each.startsWith("revgan: "));
    const one = { code, stdout: stdout.slice(0, stdout.indexOf("\n") + 1), stderr: `${line!}\n` };
    expectRefused(one, { exit: 1, code: "engine", says: ["srun started 2 processes, but MPICH", "sees 1"] });
    expect(existsSync(run)).toBe(false);
  });

  it("passes on the signal of a job that is to end, and the run is resumed by another job", async () => {
    const run = join(folder, "ended");
    const training = srun(words(run, { "training.maxSteps": 100_000 }));
    await until("a checkpoint", () => Promise.resolve(existsSync(join(run, "checkpoints", "000002")) || undefined));
    const { stdout: jobs } = await slurm.call("squeue", ["--noheader", "--format=%i"]);
    await slurm.call("scancel", ["--signal=TERM", jobs.trim()]);
    const { code, stderr } = await training;
    expect([code, stderr]).toEqual([130, expect.stringContaining("revgan: stopped after step ")]);
    const { state, step } = readRunFile(run);
    expect([state, Object.keys(checkpoint(run, step))]).toEqual(["stopped", expect.arrayContaining(["SHA256SUMS"])]);
    expectDone(await srun(["resume", run, "--json", ...sets({ "training.maxSteps": step + 2 })]));
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: step + 2 });
  });

  it("ends all within ten seconds when the first process is killed, and the other says so", async () => {
    const run = join(folder, "killed");
    const training = srun(words(run, { "training.maxSteps": 100_000 }));
    await until("a checkpoint", () => Promise.resolve(existsSync(join(run, "checkpoints", "000002")) || undefined));
    const { pid } = JSON.parse(readFileSync(join(run, "lock"), "utf8")) as { pid: number };
    const killed = Date.now();
    process.kill(pid, "SIGKILL");
    const { code, stderr } = await training;
    expect(Date.now() - killed).toBeLessThan(10_000);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^revgan: rank 0 on \S+ does not answer any more; .*`revgan resume`$/m);
  });
});
