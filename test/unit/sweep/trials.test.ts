import { describe, expect, it } from "vitest";
import type { Sweep } from "../../../extension/trainer/sweep/sweepFile";
import { type Trial, trialsOf } from "../../../extension/trainer/sweep/trials";

function trials(given: Partial<Pick<Sweep, "grid" | "list" | "seeds">>): Trial[] {
  return trialsOf({ file: "/sweeps/s.json", grid: {}, list: [{}], seeds: [], runs: "/sweeps/runs", ...given });
}

const names = (given: Parameters<typeof trials>[0]): string[] => trials(given).map(({ name }) => name);

describe("the trials of a sweep", () => {
  it("are all combinations of grid, list and seeds, numbered in their order", () => {
    const all = trials({
      grid: { "network.depth": [3, 9], "network.coupling": ["additive", "affine"] },
      list: [{ "training.lambdaCycle": 5 }, { "training.lambdaCycle": 10, "training.poolSize": 0 }],
      seeds: [0, 1],
    });
    expect(all.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(all.map(({ name }) => name).slice(0, 5)).toEqual([
      "depth-3_coupling-additive_lambdaCycle-5_seed-0",
      "depth-3_coupling-additive_lambdaCycle-5_seed-1",
      "depth-3_coupling-additive_lambdaCycle-10_poolSize-0_seed-0",
      "depth-3_coupling-additive_lambdaCycle-10_poolSize-0_seed-1",
      "depth-3_coupling-affine_lambdaCycle-5_seed-0",
    ]);
    expect(all[15]).toEqual({
      index: 15,
      name: "depth-9_coupling-affine_lambdaCycle-10_poolSize-0_seed-1",
      folder: "/sweeps/runs/depth-9_coupling-affine_lambdaCycle-10_poolSize-0_seed-1",
      assignments: [
        { key: "network.depth", value: 9 },
        { key: "network.coupling", value: "affine" },
        { key: "training.lambdaCycle", value: 10 },
        { key: "training.poolSize", value: 0 },
        { key: "training.seed", value: 1 },
      ],
    });
  });

  it("is the base alone where nothing is varied", () => {
    expect(trials({})).toEqual([{ index: 0, name: "run", folder: "/sweeps/runs/run", assignments: [] }]);
    expect(names({ list: [{}, { "network.depth": 3 }] })).toEqual(["run", "depth-3"]);
  });

  it("are at most 10,000", () => {
    const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    expect(trials({ grid: { "network.depth": numbers(100) }, seeds: numbers(100) })).toHaveLength(10_000);
    const tooMany = {
      "network.depth": numbers(101),
      "network.width": numbers(10_000),
      "training.poolSize": numbers(500),
    };
    expect(() => trials({ grid: tooMany })).toThrow("/sweeps/s.json has 505000000 trials, more than the 10000");
  });

  it("set each key once", () => {
    expect(() => trials({ grid: { "network.depth": [1] }, list: [{ "network.depth": 2 }] })).toThrow(
      "/sweeps/s.json: network.depth is set in grid and in list",
    );
    expect(() => trials({ grid: { "training.seed": [1] }, seeds: [2] })).toThrow("set in grid and by seeds");
    expect(() => trials({ list: [{ "training.seed": 1 }], seeds: [2] })).toThrow("set in list and by seeds");
    expect(names({ grid: { "training.seed": [1, 2] } })).toEqual(["seed-1", "seed-2"]);
  });
});

describe("a trial's name", () => {
  it("keeps when values are added to the sweep", () => {
    const few = names({ grid: { "network.depth": [3] }, seeds: [0] });
    const many = names({ grid: { "network.depth": [3, 9] }, seeds: [0, 1] });
    expect(few).toEqual(["depth-3_seed-0"]);
    expect(many).toEqual(expect.arrayContaining(few));
  });

  it("has the whole key where another one ends alike", () => {
    expect(names({ grid: { "network.width": [8], "network.discriminator.width": [4], "network.depth": [1] } })).toEqual(
      ["network-width-8_network-discriminator-width-4_depth-1"],
    );
    expect(names({ list: [{ "network.width": 8 }, { "network.discriminator.width": 4 }] })).toEqual([
      "network-width-8",
      "network-discriminator-width-4",
    ]);
  });

  it.each([
    ["/data/my pictures/", "path-my-pictures"],
    ["C:\\data\\Zürich", "path-Zürich"],
    ["../..", "path-"],
    ["a'b;$(c)\n", "path-a-b-c"],
    [true, "path-true"],
    [null, "path-null"],
    [-3, "path--3"],
    [1e21, "path-1e21"],
    [2e-4, "path-0.0002"],
    [[32, 64], "path-32-64"],
    [{ val: 0.1, test: 0 }, "path-val-0.1-test-0"],
  ])("of the value %j is safe for files: %s", (value, name) => {
    expect(names({ grid: { "data.path": [value] } })).toEqual([name]);
  });

  it("belongs to one trial: two are named with their values", () => {
    expect(() => trials({ grid: { "data.path": ["one/cats", "dogs", "two/cats"] } })).toThrow(
      '/sweeps/s.json: the trials 0 and 2 (from 0) are both named path-cats: data.path "one/cats" and data.path "two/cats"',
    );
    expect(() => trials({ seeds: [1, 1] })).toThrow("the trials 0 and 1 (from 0) are both named seed-1");
    expect(() => trials({ list: [{}, {}] })).toThrow("both named run: the base and the base");
    // One file on many disks.
    expect(() => trials({ grid: { "data.path": ["Cats", "cats"] } })).toThrow("both named path-cats");
  });

  it("fits into a file system", () => {
    expect(() => trials({ grid: { "data.path": ["é".repeat(100)] } })).toThrow("has more than 200 bytes");
  });
});
