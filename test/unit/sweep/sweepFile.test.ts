import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkTrials } from "../../../extension/trainer/sweep/checkedTrials";
import { readSweep } from "../../../extension/trainer/sweep/sweepFile";
import { trainingWords } from "../../../extension/trainer/sweep/trainingWords";
import { trialsOf } from "../../../extension/trainer/sweep/trials";
import { readConfiguration } from "../../../extension/configuration/readConfiguration";
import { temporaryFolder } from "../../support/images";

function sweepIn(folder: string, content: unknown): string {
  const file = join(folder, "sweep.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** The folders of data sets: the names of files are enough for what is checked here. */
const withData = (): string =>
  temporaryFolder({
    "near/trainA/1.png": "",
    "near/trainB/1.png": "",
    "far/pairs/train/1.png": "",
    "far/base.json": '{ "network": { "depth": 2 }, "data": { "path": "pairs" } }',
  });

async function configs(folder: string, content: unknown): Promise<Awaited<ReturnType<typeof checkTrials>>> {
  const sweep = await readSweep(sweepIn(folder, content));
  return checkTrials(sweep, trialsOf(sweep));
}

describe("a sweep's file", () => {
  it("may have comments; base and runs are relative to it", async () => {
    const folder = withData();
    const file = sweepIn(folder, '{ "base": "far/base.json", /* all of it */ "runs": "../runs", }');
    const [base, runs] = [join(folder, "far", "base.json"), join(folder, "..", "runs")];
    expect(await readSweep(file)).toMatchObject({ file, base: { file: base }, grid: {}, list: [{}], seeds: [], runs });
  });

  it.each([
    [{ base: {}, runs: "r", gird: {} }, '"gird" is not a key of a sweep; did you mean grid?'],
    [{ base: {} }, "runs is missing: it must be a folder"],
    [{ runs: "r" }, "base is missing: it must be the path of a revgan.json, or an object with a configuration"],
    [{ base: 3, runs: "r" }, "base must be the path of a revgan.json, or an object with a configuration, not 3"],
    [{ base: {}, runs: "" }, 'runs must be a folder, not ""'],
    [{ base: {}, runs: "r", grid: [1] }, "grid must be an object with a list of values for each key, not [1]"],
    [{ base: {}, runs: "r", grid: { mode: "paired" } }, 'grid.mode must be a list of values, not "paired"'],
    [{ base: {}, runs: "r", grid: { "network.depth": [] } }, "grid.network.depth must be a list of values, not []"],
    [{ base: {}, runs: "r", grid: { "network.depht": [1] } }, "network.depht is not a key of the configuration"],
    [{ base: {}, runs: "r", list: [{ depth: 1 }] }, "did you mean network.depth?"],
    [{ base: {}, runs: "r", list: [{ network: {} }] }, "network is a section, not a setting"],
    [{ base: {}, runs: "r", list: [] }, "list must be a list of objects, not []"],
    [{ base: {}, runs: "r", seeds: 3 }, "seeds must be a list of whole numbers, not 3"],
    [[], "the sweep must be an object, not []"],
    ['{\n "base" {}}', "colon expected at line 2, column 9"],
    ["", "is empty"],
    [{ base: "none.json", runs: "r" }, "none.json"],
  ])("%j is refused in one line: %s", async (content, words) => {
    const error = await readSweep(sweepIn(temporaryFolder(), content)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "config" });
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toContain("\n");
  });

  it("has to be there", async () => {
    await expect(readSweep("/nowhere/sweep.json")).rejects.toThrow("there is no sweep /nowhere/sweep.json");
  });
});

describe("a trial's configuration", () => {
  it("has paths relative to the file that says them", async () => {
    const folder = withData();
    const content = { base: "far/base.json", runs: "r", list: [{}, { "data.path": "near" }] };
    const [base, near] = await configs(folder, content);
    expect(base!.config).toMatchObject({ mode: "paired", data: { path: join(folder, "far", "pairs") } });
    expect(near!.config).toMatchObject({ mode: "unpaired", data: { path: join(folder, "near") } });
    const [inline] = await configs(folder, { base: { data: { path: "near" } }, runs: "r" });
    expect(inline!.config.data.path).toBe(join(folder, "near"));
  });

  it("is read again as it is from the words of the training", async () => {
    const trials = await configs(withData(), {
      base: { data: { path: "near", cropSize: [32, 64], names: { a: "3", b: "null" } } },
      runs: "r",
      grid: {
        "network.discriminator.width": [4, 64],
        "network.memoryBudget": [null, 1e12],
        "data.intensity.kind": ["percentile", "zscore"],
        "data.split": [null, { val: 0.25, test: 0 }],
      },
      seeds: [7],
    });
    expect(trials).toHaveLength(16);
    for (const trial of trials) {
      const words = trainingWords(trial, "train");
      expect(words.slice(0, 4)).toEqual(["train", "--json", "--run", trial.folder]);
      const sets = words.slice(4).filter((word) => word !== "--set");
      expect(await readConfiguration({ sets, cwd: "/elsewhere" })).toEqual(trial.config);
    }
    expect(trainingWords(trials[0]!, "resume")).toEqual(["resume", trials[0]!.folder, "--json"]);
  });

  it.each([
    [{ grid: { "network.depth": [3, "x"] } }, 'network.depth must be a whole number of at least 0, not "x"'],
    [{ seeds: [0, 1.5] }, "training.seed must be"],
    [{ grid: { "data.path": ["near", "nowhere"] } }, "path-nowhere: there is no folder"],
    [{ grid: { "network.memoryBudget": [5] } }, "memoryBudget-5: network.memoryBudget is 5 bytes"],
    [{ grid: { "data.path": [null] } }, "names no data folder"],
    [{ list: [{}, { "network.depth": 9 }] }, "the trials run and depth-9 have the same configuration"],
    [{ grid: { mode: ["paired"], "network.kind": ["cyclegan"] } }, "mode"],
  ])("%j is refused: %s", async (varied, words) => {
    await expect(configs(withData(), { base: { data: { path: "near" } }, runs: "r", ...varied })).rejects.toThrow(
      words,
    );
  });
});
