import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parseConfig, type Config } from "../../../extension/configuration/config";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { shellWord } from "../../../extension/processes/shellWord";
import { jobBytes } from "../../../extension/trainer/cluster/jobMemory";
import { slurmScript, type SlurmOptions } from "../../../extension/trainer/sweep/slurmScript";

const nothing: SlurmOptions = {
  partition: undefined,
  time: undefined,
  gpus: undefined,
  cpus: undefined,
  jobs: undefined,
};
const array = {
  indices: [0, 1, 2, 5, 7, 8],
  bytes: 3 * 2 ** 20 + 1,
  node: "/bin/node",
  cli: "/r/cli.js",
  sweep: "/s.json",
};

const hostile = [
  "",
  "a b",
  "it's",
  "'",
  "''\\''",
  '"$HOME"',
  "$(id)",
  "`id`",
  "a\nb",
  "!x;&|<>*?~#",
  "-n",
  "Zürich",
  "\\",
];

describe("a word of a shell", () => {
  it.skipIf(process.platform === "win32").each(hostile)("is one word whatever it holds: %j", (text) => {
    const script = `printf '%s|' ${shellWord(text)} end`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(`${text}|end|`);
  });

  it("is left as it is where it is plain", () => {
    expect(shellWord("/a/b-c_1.json")).toBe("/a/b-c_1.json");
  });
});

describe("the script of a job array", () => {
  it("has a task for each trial that is left, and only what was asked for", () => {
    expect(
      slurmScript(array, nothing)
        .split("\n")
        .filter((line) => line.startsWith("#SBATCH")),
    ).toEqual([
      "#SBATCH --job-name=revgan-sweep",
      "#SBATCH --array=0-2,5,7-8",
      "#SBATCH --mem=4M",
      "#SBATCH --signal=B:INT@120",
    ]);
    const options = { partition: "gpu,long", time: "08:00:00", gpus: 1, cpus: 4, jobs: 3 };
    const script = slurmScript({ ...array, indices: [4] }, options);
    for (const words of ["array=4%3", "partition=gpu,long", "time=08:00:00", "gpus=1", "cpus-per-task=4"])
      expect(script).toContain(`#SBATCH --${words}\n`);
  });

  it.skipIf(process.platform === "win32").each(hostile)(
    "runs the sweep by its number, also at the path /%j",
    (text) => {
      const sweep = `/${text}/sweep.json`;
      // Instead of Node a program that tells its words.
      const told = { ...array, node: "/usr/bin/printf", cli: "%s|", sweep };
      const env = { SLURM_ARRAY_TASK_ID: "5" };
      const said = execFileSync("sh", ["-c", slurmScript(told, nothing)], { encoding: "utf8", env });
      expect(said).toBe(`sweep|${sweep}|--only|5|`);
    },
  );
});

describe("the memory of a task", () => {
  const config = (depth: number, width: number, more: object = {}): Config =>
    parseConfig({ network: { depth, width, backprop: "store" }, data: { loadSize: null, cropSize: 64 }, ...more }, "");

  it("is what the largest trial takes by theory, with what the allocator keeps, and the processes", () => {
    const [small, large] = [config(2, 16), config(6, 16)];
    const { peak } = new MemoryTheory(large, "native").at({ depth: 6, backprop: "store" });
    expect(jobBytes([small, large, small], false)).toBe(Math.ceil(peak * 1.4) + 2 * 2 ** 30);
    expect(jobBytes([small], false)).toBeLessThan(jobBytes([large], false));
    expect(jobBytes([large], true) - jobBytes([large], false)).toBe(4 * 2 ** 30);
  });

  it("counts the blocks that are stored within a budget", () => {
    const depth = 4;
    const recompute = parseConfig({ network: { depth }, data: { loadSize: null, cropSize: 64 } }, "");
    const budget = new MemoryTheory(recompute, "native").at({ depth, backprop: "recompute", storedBlocks: 3 }).peak;
    const within = { ...recompute, network: { ...recompute.network, memoryBudget: budget } };
    expect(jobBytes([within], false)).toBe(Math.ceil(budget * 1.4) + 2 * 2 ** 30);
  });

  it("is not known for pictures of no fixed size", () => {
    expect(() => jobBytes([parseConfig({ data: { loadSize: null, cropSize: null } }, "")], false)).toThrow(
      "data.cropSize is null",
    );
  });
});
