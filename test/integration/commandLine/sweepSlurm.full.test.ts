import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { applyAssignments } from "../../../extension/configuration/assignments";
import {
  checkpoint,
  expectDone,
  metricsOf,
  readRunFile,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { cliProgram, ended, type Ended } from "../../support/programs";
import { hasSlurm, Slurm } from "../../support/slurm";

describe.skipIf(!hasSlurm())("a sweep as a job array of a real Slurm", () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await Slurm.start();
  });
  afterAll(() => slurm.stop());

  const folder = sharedFolder();
  const data = unpairedData(join(folder, "data"));
  const runs = join(folder, "it's $HOME");
  const names = ["seed-0", "seed-1", "seed-2"];
  const steps = 40;

  async function submit(maxSteps: number): Promise<string> {
    const values = { ...tiny, "data.path": "data", "training.maxSteps": maxSteps };
    const assignments = Object.entries(values).map(([key, value]) => ({ key, value }));
    const file = join(folder, "a sweep.json");
    const content = { base: applyAssignments({}, assignments), seeds: [0, 1, 2], runs: "it's $HOME" };
    writeFileSync(file, JSON.stringify(content));
    const args = ["sweep", file, "--slurm", "--partition", "main", "--time", "00:30:00", "--cpus", "1", "--jobs", "2"];
    const said: Ended = await ended(process.execPath, [cliProgram, ...args], { env: slurm.env });
    expect(said.code, said.stderr).toBe(0);
    return /^Submitted batch job (\d+)\n$/.exec(said.stdout)?.[1] ?? "";
  }

  const waitFor = (look: () => Promise<void> | void): Promise<void> =>
    vi.waitFor(look, { timeout: 110_000, interval: 200 });
  const isQuiet = async (): Promise<void> => expect((await slurm.call("squeue", ["--noheader"])).stdout).toBe("");

  it.each([
    ["cancelled", []],
    ["told that its time is over", ["--batch", "--signal=INT"]],
  ])("that is %s leaves checkpoints, and goes on", async (_, how) => {
    const before = names.map((name) => (existsSync(join(runs, name)) ? readRunFile(join(runs, name)).step : 0));
    const job = await submit(100_000);
    const run = join(runs, names[0]!);
    await waitFor(() => expect(metricsOf(run).length).toBeGreaterThan(before[0]! + 2));
    await slurm.call("scancel", [...how, job]);
    await waitFor(() => expect(readRunFile(run).state).toBe("stopped"));
    expect(readRunFile(run).step).toBeGreaterThan(before[0]!);
    expect(Object.keys(checkpoint(run, readRunFile(run).step))).toHaveLength(5);
    await slurm.call("scancel", [job]);
    await waitFor(isQuiet);
  });

  it("trains every run as `revgan train` does", async () => {
    const file = join(runs, "sweep.sh");
    expect(readFileSync(file, "utf8")).toContain("#SBATCH --array=0-2%2\n");
    rmSync(runs, { recursive: true });
    await submit(steps);
    await waitFor(isQuiet);
    for (const name of names) expect(readRunFile(join(runs, name))).toMatchObject({ state: "finished", step: steps });
    const alone = join(folder, "alone");
    expectDone(await train(data, alone, { "training.maxSteps": steps, "training.seed": 2 }));
    expect(checkpoint(join(runs, "seed-2"), steps)).toEqual(checkpoint(alone, steps));
  });
});
