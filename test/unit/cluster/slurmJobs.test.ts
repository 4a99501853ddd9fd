import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasSlurm, listPartitions } from "../../../extension/cluster/slurm";
import { jobChanged, jobStatus } from "../../../extension/cluster/slurmJobs";

/** Programs that print what Slurm 22.05 printed, as this machine need not have one. */
describe.skipIf(process.platform === "win32")("what Slurm says", () => {
  let folder: string;
  const path = process.env["PATH"];
  let number = 100;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "revgan-squeue-"));
    process.env["PATH"] = `${folder}:${path!}`;
    number += 10;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, script: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" >> ${folder}/calls\n${script}\n`, { mode: 0o755 });
  const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n");

  it("of several jobs is asked for at once, and once", async () => {
    const [waiting, running, ended] = [number, number + 1, number + 2].map(String) as [string, string, string];
    program(
      "squeue",
      `case "$*" in
*--jobs=*) printf '%s\\n' '${waiting}|PENDING|Priority|main' '${running}|RUNNING|None|main' '${ended}|TIMEOUT|TimeLimit|main';;
*) printf '%s\\n' 7 8 ${waiting};;
esac`,
    );
    const all = await Promise.all([waiting, running, ended].map(jobStatus));
    expect(all).toEqual([
      { state: "waiting", word: "PENDING", reason: "Priority", partition: "main", place: 3 },
      { state: "running", word: "RUNNING", reason: null, partition: "main", place: null },
      { state: "over", word: "TIMEOUT", reason: "TimeLimit", partition: "main", place: null },
    ]);
    expect(await jobStatus(running)).toEqual(all[1]);
    expect(calls()).toEqual([
      expect.stringContaining(`--jobs=${waiting},${running},${ended} `),
      expect.stringContaining("--partition=main"),
    ]);
    jobChanged(running);
    await jobStatus(running);
    expect(calls()).toHaveLength(3 + 1);
  });

  it("of a job that it has forgotten is that it is over", async () => {
    program("squeue", 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1');
    expect(await jobStatus(String(number))).toMatchObject({ state: "over", word: null });
  });

  it.each([
    ["does not answer", 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1'],
    ["is not there", null],
  ])("is nothing where it %s", async (_, script) => {
    if (script === null) process.env["PATH"] = folder;
    else program("squeue", script);
    expect(await jobStatus(String(number))).toBeNull();
  });

  it("of partitions is which take jobs, and what their smallest nodes have", async () => {
    program(
      "sinfo",
      "printf '%s\\n' 'main*|up|infinite|2|(null)|64' 'gpu|up|1-00:00:00|3|gpu:a100:4|32' 'gpu|up|1-00:00:00|1|(null)|16+' 'old|down|infinite|1|(null)|8'",
    );
    expect(await listPartitions()).toEqual([
      { name: "main", isDefault: true, timeLimit: null, nodes: 2, cores: 64, hasGpus: false },
      { name: "gpu", isDefault: false, timeLimit: "1-00:00:00", nodes: 4, cores: 16, hasGpus: true },
    ]);
  });

  it("is there where sbatch is on the PATH", () => {
    expect(hasSlurm({ PATH: folder })).toBe(false);
    program("sbatch", "");
    expect(hasSlurm({ PATH: `/nowhere:${folder}` })).toBe(true);
  });
});
