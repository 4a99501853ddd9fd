import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
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
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { cliProgram, ended, type Ended } from "../../support/programs";
import "../../support/ranks";
import { hasSlurm, Slurm } from "../../support/slurm";

describe.skipIf(!hasSlurm())("a training in the queue of a real Slurm", () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await Slurm.start();
  });
  afterAll(() => slurm.stop());

  const folder = sharedFolder();
  const data = unpairedData(join(folder, "it's data"), { a: 5, b: 4 });
  const settings = { ...tiny, "training.batchSize": 2, "training.checkpointEvery": 10 };
  const endless = { "training.maxSteps": 100_000, "training.epochs": 100_000 };
  const steps = { "training.maxSteps": 20 };

  const revgan = (args: readonly string[]): Promise<Ended> =>
    ended(process.execPath, [cliProgram, ...args, "--json"], { env: slurm.env });
  const submit = (run: string, values: Readonly<Record<string, unknown>>, more: readonly string[]): Promise<Ended> =>
    revgan(["train", "--slurm", "--data", data, "--run", run, ...sets({ ...settings, ...values }), ...more]);
  const waitFor = (look: () => Promise<void> | void): Promise<void> =>
    vi.waitFor(look, { timeout: 110_000, interval: 200 });
  const jobOf = (run: string): string => readRunFile(run).cluster!.job;
  const stepsOf = (run: string): number => (existsSync(join(run, "metrics.jsonl")) ? metricsOf(run).length : 0);
  const isQuiet = async (): Promise<void> => expect((await slurm.call("squeue", ["--noheader"])).stdout).toBe("");

  afterEach(async () => {
    await slurm.call("scancel", ["--user=root"]);
    await waitFor(isQuiet);
  });

  it("ends as one that was not submitted", async () => {
    const run = join(folder, "it's $HOME");
    const [line] = ofType(
      expectDone(await submit(run, steps, ["--partition", "main", "--time", "00:20:00"])),
      "submitted",
    );
    expect(line).toMatchObject({ run, job: jobOf(run), script: join(run, "slurm.sh") });
    await waitFor(() => expect(readRunFile(run).state).toBe("finished"));
    const alone = join(folder, "alone");
    expectDone(await train(data, alone, { ...settings, ...steps }));
    expect(checkpoint(run, 20)).toEqual(checkpoint(alone, 20));
    // Its script may be used again, and is the working directory's, as there is no configuration file.
    rmSync("revgan.slurm.sh");
  });

  it("that was killed before its first checkpoint begins anew; near the end of its time it waits again, and goes on", async () => {
    const config = join(folder, "requeued.revgan.json");
    writeFileSync(config, "{}");
    const run = join(folder, "requeued");
    const more = ["--config", config, "--ranks", "2", "--requeue"];
    expectDone(await submit(run, { ...endless, "training.checkpointEvery": 0 }, more));
    await waitFor(() => expect(stepsOf(run)).toBeGreaterThan(5));
    expectRefused(await revgan(["resume", run, "--slurm"]), { exit: 2, code: "locked", says: [run] });
    const { pid } = JSON.parse(readFileSync(join(run, "lock"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    await waitFor(isQuiet);
    expectDone(await revgan(["resume", run, "--slurm"]));
    const job = jobOf(run);
    await waitFor(() => expect(readRunFile(run)).toMatchObject({ state: "running", cluster: { job } }));
    await waitFor(() => expect(stepsOf(run)).toBeGreaterThan(2));
    expect(metricsOf(run)[0]).toMatchObject({ step: 1 });
    // As Slurm does three minutes before its time is over.
    await slurm.call("scancel", ["--signal=USR1", "--batch", job]);
    await waitFor(async () =>
      expect((await slurm.call("squeue", ["--noheader", "--format=%A %T"])).stdout).toBe(`${job} PENDING\n`),
    );
    const { step, state } = readRunFile(run);
    expect([state, Object.keys(checkpoint(run, step))]).toEqual(["stopped", expect.arrayContaining(["SHA256SUMS"])]);
    // Slurm lets a requeued job wait for two minutes.
    await slurm.call("scontrol", ["update", `JobId=${job}`, "StartTime=now"]);
    await waitFor(() => expect(stepsOf(run)).toBeGreaterThan(step + 2));
    await slurm.call("scancel", ["--signal=TERM", job]);
    await waitFor(isQuiet);
    expect(readRunFile(run)).toMatchObject({ state: "stopped", cluster: { job } });
    // Here it is a run like any other.
    const reached = readRunFile(run).step;
    expectDone(await resume(run, { "training.maxSteps": reached + 2 }));
    expect(readRunFile(run)).toMatchObject({ state: "finished", step: reached + 2 });
    expect(readRunFile(run).cluster).toBeUndefined();
  });

  it("that cannot begin says why in its run, and begins when it is submitted again", async () => {
    const config = join(folder, "late.revgan.json");
    writeFileSync(config, "{}");
    const run = join(folder, "late");
    const gone = unpairedData(join(folder, "gone"));
    expectDone(await submit(run, { ...steps, "data.path": gone }, ["--config", config, "--time", "00:10:00"]));
    await slurm.call("scancel", [jobOf(run)]);
    await waitFor(isQuiet);
    rmSync(run, { recursive: true });
    // Held, so that the data are gone before it begins.
    await slurm.call("scontrol", ["update", "PartitionName=main", "State=DOWN"]);
    expectDone(await submit(run, { ...steps, "data.path": gone }, ["--config", config]));
    expect(readRunFile(run)).toMatchObject({ state: "queued", engine: null });
    expectRefused(await revgan(["resume", run]), {
      exit: 2,
      code: "locked",
      says: [`waits in Slurm's queue as job ${jobOf(run)}`],
    });
    rmSync(gone, { recursive: true });
    await slurm.call("scontrol", ["update", "PartitionName=main", "State=UP"]);
    await waitFor(() => expect(readRunFile(run)).toMatchObject({ state: "failed", error: { code: "data" } }));
    await waitFor(isQuiet);
    expectRefused(await revgan(["resume", run, "--slurm"]), { exit: 2, code: "data", says: [gone] });
    unpairedData(gone);
    expectDone(await revgan(["resume", run, "--slurm", "--set", "training.maxSteps=3"]));
    await waitFor(() => expect(readRunFile(run)).toMatchObject({ state: "finished", step: 3, error: null }));
  });

  it("keeps what was written into its script by hand", async () => {
    const config = join(folder, "mine.revgan.json");
    writeFileSync(config, "{}");
    const script = join(folder, "mine.revgan.slurm.sh");
    const more = ["--config", config, "--script-only", "--time", "00:10:00"];
    const [line] = ofType(expectDone(await submit(join(folder, "none"), steps, more)), "submitted");
    expect(line).toEqual({ type: "submitted", script, run: null, job: null });
    expect(existsSync(join(folder, "none"))).toBe(false);
    writeFileSync(script, readFileSync(script, "utf8").replace("# module load …", "echo by hand"));
    const run = join(folder, "mine");
    expectDone(await submit(run, steps, ["--config", config]));
    await waitFor(() => expect(readRunFile(run).state).toBe("finished"));
    expect(readFileSync(join(run, `slurm-${jobOf(run)}.out`), "utf8")).toMatch(/^by hand$/m);
  });

  it("is not there where Slurm refuses, or the ranks cannot share the batch", async () => {
    const run = join(folder, "refused");
    const config = join(folder, "refused.revgan.json");
    writeFileSync(config, "{}");
    const at = ["--config", config];
    expectRefused(await submit(run, steps, [...at, "--partition", "nowhere"]), {
      exit: 2,
      code: "usage",
      says: ["sbatch ended", "Invalid partition"],
    });
    expectRefused(await submit(run, steps, [...at, "--ranks", "3"]), {
      exit: 2,
      code: "config",
      says: ["3 ranks cannot share"],
    });
    expect(existsSync(run)).toBe(false);
    await isQuiet();
  });

  it("changes its run's file every minute, by which others see that it lives", async () => {
    const config = join(folder, "alive.revgan.json");
    writeFileSync(config, "{}");
    const run = join(folder, "alive");
    const values = { ...endless, "training.checkpointEvery": 0, "training.sampleEvery": 0 };
    expectDone(await submit(run, values, ["--config", config]));
    await waitFor(() => expect(readRunFile(run).state).toBe("running"));
    const { updatedAt } = readRunFile(run);
    await waitFor(() => expect(readRunFile(run).updatedAt).not.toBe(updatedAt));
    expect(Date.parse(readRunFile(run).updatedAt) - Date.parse(updatedAt)).toBeLessThan(65_000);
    await slurm.call("scancel", ["--signal=TERM", jobOf(run)]);
    await waitFor(isQuiet);
  });
});
