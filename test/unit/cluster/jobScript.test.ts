import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jobScript, type JobWishes, wishesOf } from "../../../extension/cluster/jobScript";

const nothing: JobWishes = {
  partition: undefined,
  time: undefined,
  ranks: undefined,
  gpus: undefined,
  cpus: undefined,
  requeue: undefined,
};
const all: JobWishes = { partition: "gpu", time: "08:00:00", ranks: 4, gpus: 1, cpus: 2, requeue: true };
const programs = { node: "/opt/it's node/bin/node", cli: "/opt/revgan/dist/cli.js" };
const gibibyte = 2 ** 30;

const directives = (script: string): string[] => script.match(/^#SBATCH .*$/gm) ?? [];

describe("the script of a training's job", () => {
  it("asks for what is wished, and for memory by the core", () => {
    expect(directives(jobScript(null, all, 3 * gibibyte, programs))).toEqual([
      "#SBATCH --job-name=revgan",
      "#SBATCH --ntasks=4",
      "#SBATCH --requeue",
      "#SBATCH --open-mode=append",
      "#SBATCH --signal=B:USR1@180",
      "#SBATCH --mem-per-cpu=1536M",
      "#SBATCH --partition=gpu",
      "#SBATCH --time=08:00:00",
      "#SBATCH --cpus-per-task=2",
      "#SBATCH --gpus-per-task=1",
    ]);
  });

  it("asks for nothing that is not wished, and is not requeued", () => {
    const script = jobScript(null, nothing, gibibyte, programs);
    expect(directives(script).join()).not.toMatch(/partition|time|cpus-per-task|gpus|--requeue/);
    expect(wishesOf(script)).toEqual({ ...nothing, ranks: 1, requeue: false });
  });

  it("says what was wished", () => {
    expect(wishesOf(jobScript(null, all, gibibyte, programs))).toEqual(all);
  });

  it("keeps what was written by hand, and changes only what is asked for", () => {
    const before = jobScript(null, all, gibibyte, programs)
      .replace("# module load …", "module load python\n#SBATCH --time=99:00:00 is not one here")
      .replace("#SBATCH --job-name=revgan", "#SBATCH --job-name=mine\n#SBATCH -A group");
    const after = jobScript(before, { ...nothing, time: "01:00:00", gpus: 0, requeue: false }, 5 * gibibyte, programs);
    expect(after).toBe(
      before
        .replace("--time=08:00:00", "--time=01:00:00")
        .replace("#SBATCH --gpus-per-task=1\n", "")
        .replace("#SBATCH --requeue\n", "")
        .replace("--cpus-per-task=2\n", "--cpus-per-task=2\n#SBATCH --no-requeue\n")
        .replace("--mem-per-cpu=512M", "--mem-per-cpu=2560M"),
    );
  });

  it("follows the programs where an update has moved them, and nothing else where nothing is asked for", () => {
    const before = jobScript(null, all, gibibyte, programs).replace("--mem-per-cpu=512M", "--mem-per-cpu=9G");
    const moved = { node: "/new/node", cli: "/new/$(id)/cli.js" };
    expect(jobScript(before, nothing, null, moved)).toBe(
      before
        .replace("node='/opt/it'\\''s node/bin/node'", "node=/new/node")
        .replace("revgan=/opt/revgan/dist/cli.js", "revgan='/new/$(id)/cli.js'"),
    );
  });

  it.skipIf(process.platform === "win32")(
    "starts the programs whatever their paths hold, with all that it is given",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "revgan-script-"));
      try {
        const hostile = { node: "/it's $HOME/`id`/node", cli: "/a b/cli.js" };
        const file = join(folder, "slurm.sh");
        writeFileSync(file, jobScript(null, nothing, gibibyte, hostile));
        // Slurm's srun starts what follows its own options.
        writeFileSync(join(folder, "srun"), '#!/bin/sh\nshift\nprintf "%s|" "$@"\nexit 3\n', { mode: 0o755 });
        const run = (): string =>
          execFileSync("sh", [file, "/runs/it's one", "--set", "training.maxSteps=5"], {
            encoding: "utf8",
            env: { PATH: `${folder}:${process.env["PATH"]!}` },
          });
        expect(run).toThrow(
          expect.objectContaining({
            status: 3,
            stdout: `${hostile.node}|${hostile.cli}|resume|/runs/it's one|--set|training.maxSteps=5|`,
          }),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
