import { describe, expect, it } from "vitest";
import { seedGroups } from "../../../extension/comparison/seedGroups";
import { differingSettings, seedOf } from "../../../extension/comparison/settings";
import { linesAlong, sweptSettings } from "../../../extension/comparison/sweptSettings";
import { writtenSettings } from "../../../extension/comparison/writtenSettings";
import { applyAssignments } from "../../../extension/configuration/assignments";
import { parseConfig } from "../../../extension/configuration/config";
import { configKeys } from "../../../extension/configuration/keys";
import type { ComparisonLine } from "../../../extension/protocol/lines";

/** The line of a run with these keys of its configuration; the others have their defaults. */
function lineOf(values: Readonly<Record<string, unknown>>, run = `/runs/${JSON.stringify(values)}`): ComparisonLine {
  const assignments = Object.entries({ "data.path": "/data/maps", ...values }).map(([key, value]) => ({ key, value }));
  const config = parseConfig(applyAssignments({}, assignments), "");
  const costs = { parameters: 1, peakBytes: 1, secondsPerStep: 1 };
  return {
    type: "comparison",
    run,
    kind: config.network.kind,
    ...costs,
    metrics: null,
    ...writtenSettings(config),
  };
}

/** The keys in which they differ, each with the texts of its values. */
const differ = (...runs: Readonly<Record<string, unknown>>[]): Record<string, string[]> =>
  Object.fromEntries(
    differingSettings(runs.map((values) => lineOf(values))).map(({ key, values, text }) => [key, values.map(text)]),
  );

describe("the settings in which runs differ", () => {
  it("are those with several values, in the order of the configuration, and not the seed", () => {
    const runs = [
      { "training.learningRate": 0.0001, "network.depth": 18, "training.seed": 0 },
      { "training.learningRate": 0.0002, "network.depth": 3, "training.seed": 1 },
      { "training.learningRate": 1e-7, "network.depth": 9, "training.seed": 0 },
    ];
    expect(differ(...runs)).toEqual({
      "network.depth": ["3", "9", "18"],
      "training.learningRate": ["1e-7", "0.0001", "0.0002"],
    });
    expect(differ(runs[0]!, { ...runs[0], "training.seed": 7 })).toEqual({});
    expect(differ({})).toEqual({});
  });

  it("are not those that follow from others", () => {
    // A CycleGAN stores; pairs are shown no older translations.
    expect(differ({ "network.kind": "revgan" }, { "network.kind": "cyclegan" })).toEqual({
      "network.kind": ["cyclegan", "revgan"],
    });
    expect(differ({ mode: "paired" }, { mode: "unpaired" })).toEqual({ mode: ["paired", "unpaired"] });
    // But what a file says counts, also if it says the default in one of them.
    expect(Object.keys(differ({ mode: "paired", "training.poolSize": 20 }, { mode: "unpaired" }))).toEqual([
      "mode",
      "training.poolSize",
    ]);
    expect(differ({ "network.backprop": "store" }, {})).toEqual({ "network.backprop": ["recompute", "store"] });
  });

  it("have plain names, of which no two are the same", () => {
    const names = Object.fromEntries(
      differingSettings([
        lineOf({}),
        lineOf({
          "network.depth": 1,
          "network.discriminator.width": 1,
          "training.learningRate": 1,
          "training.lambdaL1": 1,
          "data.path": "/data/other",
          mode: "paired",
        }),
      ]).map(({ key, name }) => [key, name]),
    );
    expect(names).toMatchObject({
      mode: "Mode",
      "network.depth": "Depth",
      "network.discriminator.width": "Discriminator width",
      "data.path": "Data",
      "training.learningRate": "Learning rate",
      "training.lambdaL1": "Lambda L1",
    });
    const { settings } = configKeys();
    const one = {
      ...lineOf({}),
      settings: Object.fromEntries(settings.map((key) => [key, 1])),
      written: [...settings],
    };
    const other = { ...one, settings: Object.fromEntries(settings.map((key) => [key, 2])) };
    const all = differingSettings([one, other]).map(({ name }) => name);
    expect(all).toHaveLength(settings.length - 1);
    expect(new Set(all).size).toBe(all.length);
  });

  it("tell paths by the ends that differ, sizes and objects by what is in them, and null apart", () => {
    expect(differ({ "data.path": "/a/cats/train" }, { "data.path": "/a/dogs/train" })).toEqual({
      "data.path": ["cats/train", "dogs/train"],
    });
    expect(differ({ "data.cropSize": [256, 128] }, { "data.cropSize": 64 })["data.cropSize"]).toEqual([
      "64",
      "256 × 128",
    ]);
    expect(differ({ "data.folders": { a: "lr", b: "hr" } }, { "data.folders": { a: "x", b: "y" } })).toEqual({
      "data.folders": ["lr, hr", "x, y"],
    });
    const [budget] = differingSettings([lineOf({ "network.memoryBudget": 5e8 }), lineOf({})]);
    expect([budget!.values, budget!.isNumeric]).toEqual([[5e8, null], false]);
  });

  it("are unknown of lines that do not tell them", () => {
    const old = { ...lineOf({ "network.depth": 3 }), settings: undefined };
    expect(differingSettings([lineOf({ "network.depth": 2 }), old])).toEqual([]);
    expect(seedOf(old)).toBeNull();
  });
});

/** The groups of runs with these keys: of each its values and the seeds of its runs. */
function grouped(runs: readonly Readonly<Record<string, unknown>>[]): unknown[] {
  const entries = runs.map((values) => ({ line: lineOf(values) }));
  return seedGroups(entries, differingSettings(entries.map(({ line }) => line))).map(({ values, runs: all }) => [
    ...values,
    all.map(({ line }) => seedOf(line)),
  ]);
}

describe("runs that differ in their seed alone", () => {
  it("are a group, by their seeds, and the groups are sorted by their settings", () => {
    const runs = [18, 3].flatMap((depth) =>
      [1, 10, 0].map((seed) => ({ "network.depth": depth, "training.seed": seed })),
    );
    expect(grouped(runs)).toEqual([
      [3, [0, 1, 10]],
      [18, [0, 1, 10]],
    ]);
    expect(grouped([{ "training.seed": 1 }, { "training.seed": 0 }])).toEqual([[[0, 1]]]);
  });

  it("are sorted by numbers, then words, then none, and by the first setting first", () => {
    const budget = (bytes: number | null, depth: number) => ({
      "network.memoryBudget": bytes,
      "network.depth": depth,
    });
    expect(grouped([budget(null, 9), budget(4e9, 9), budget(1e10, 3), budget(null, 3)])).toEqual([
      [3, 1e10, [0]],
      [3, null, [0]],
      [9, 4e9, [0]],
      [9, null, [0]],
    ]);
  });

  it("stand alone where they do not tell their settings", () => {
    const entries = ["/runs/a", "/runs/b"].map((run) => ({ line: { ...lineOf({}, run), settings: undefined } }));
    expect(seedGroups(entries, []).map(({ runs }) => runs.length)).toEqual([1, 1]);
  });
});

describe("what figures can be shown against", () => {
  const swept = (...runs: Readonly<Record<string, unknown>>[]): string[] => {
    const entries = runs.map((values) => ({ line: lineOf(values) }));
    const settings = differingSettings(entries.map(({ line }) => line));
    return sweptSettings(settings, seedGroups(entries, settings)).map(({ key }) => key);
  };

  it("is a setting that was varied while all others stayed", () => {
    const grid = [3, 9].flatMap((depth) =>
      ["recompute", "store"].map((backprop) => ({ "network.depth": depth, "network.backprop": backprop })),
    );
    expect(swept(...grid)).toEqual(["network.depth", "network.backprop"]);
    expect(swept({ "network.depth": 3 }, { "network.depth": 9, "training.seed": 4 })).toEqual(["network.depth"]);
    // The third differs from the first in its width alone.
    expect(
      swept(
        { "network.depth": 3 },
        { "network.depth": 9, "network.width": 8 },
        { "network.depth": 3, "network.width": 8 },
      ),
    ).toEqual(["network.depth", "network.width"]);
  });

  it("is none where several settings changed together, or nothing did", () => {
    expect(swept({ "network.depth": 3 }, { "network.depth": 6, "network.coupling": "affine" })).toEqual([]);
    expect(swept({ "training.seed": 1 }, { "training.seed": 2 })).toEqual([]);
  });

  it("has a line for each combination of the others, ascending", () => {
    const groups = [
      [18, "a"],
      [3, "b"],
      [3, "a"],
      [9, "a"],
    ].map((values) => ({ values }));
    expect(linesAlong(0, groups).map((line) => line.map(({ values }) => values.join("")))).toEqual([
      ["3a", "9a", "18a"],
      ["3b"],
    ]);
    expect(linesAlong(1, groups).map((line) => line.map(({ values }) => values.join("")))).toEqual([
      ["18a"],
      ["3a", "3b"],
      ["9a"],
    ]);
  });
});
