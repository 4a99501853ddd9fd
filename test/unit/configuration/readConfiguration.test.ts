import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../../extension/configuration/config";
import {
  guessMode,
  readConfiguration,
  readNetworkConfiguration,
} from "../../../extension/configuration/readConfiguration";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "revgan-configuration-"));
});
afterEach(() => rm(cwd, { recursive: true }));

async function write(text: string): Promise<string> {
  await mkdir(join(cwd, "project"), { recursive: true });
  await writeFile(join(cwd, "project", "revgan.json"), text);
  return "project/revgan.json";
}

describe("reading a configuration", () => {
  it("takes comments, trailing commas and a byte order mark", async () => {
    const file = await write(
      '\uFEFF{\n  // the photos\n  "data": { "path": "photos", }, /* small */ "network": { "depth": 2 },\n}',
    );
    const config = await readConfiguration({ file, sets: [], cwd });
    expect(config.network.depth).toBe(2);
  });

  it.each(["", "\uFEFF", " \n\t\n"])("calls an empty file empty: %j", async (text) => {
    const file = await write(text);
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/revgan\.json is empty$/) as string,
    });
  });

  it("looks for the data beside the file", async () => {
    const file = await write('{ "data": { "path": "../photos" } }');
    expect((await readConfiguration({ file, sets: [], cwd })).data.path).toBe(join(cwd, "photos"));
  });

  it("looks for --data and --set data.path where the user is", async () => {
    const file = await write('{ "data": { "path": "../photos" } }');
    expect((await readConfiguration({ file, data: "maps", sets: [], cwd })).data.path).toBe(join(cwd, "maps"));
    expect((await readConfiguration({ file, sets: ["data.path=maps"], cwd })).data.path).toBe(join(cwd, "maps"));
    expect((await readConfiguration({ file, data: "/abs", sets: [], cwd })).data.path).toBe("/abs");
  });

  it("finds the folders of A and B each where it was named, and none of them beside --data", async () => {
    const file = await write('{ "data": { "a": "../cats", "b": "dogs" } }');
    const folders = ({ data: { path, a, b } }: Config) => ({ path, a, b });
    expect(folders(await readConfiguration({ file, sets: ["data.b=puppies"], cwd }))).toEqual({
      path: null,
      a: join(cwd, "cats"),
      b: join(cwd, "puppies"),
    });
    expect(folders(await readConfiguration({ file, data: "maps", sets: [], cwd }))).toEqual({
      path: join(cwd, "maps"),
      a: null,
      b: null,
    });
  });

  it("lets --set win over --data, and --data over the file", async () => {
    const file = await write('{ "data": { "path": "one" }, "training": { "maxSteps": 5 } }');
    const config = await readConfiguration({
      file,
      data: "two",
      sets: ["data.path=three", "training.maxSteps=3"],
      cwd,
    });
    expect(config.data.path).toBe(join(cwd, "three"));
    expect(config.training.maxSteps).toBe(3);
  });

  it("works without a file", async () => {
    expect((await readConfiguration({ data: "maps", sets: [], cwd })).network.depth).toBe(9);
    expect((await readNetworkConfiguration({ sets: ["network.depth=2"], cwd })).data.path).toBeNull();
  });
});

describe("the mode", () => {
  it.each([
    [["train", "test"], "paired"],
    [["trainA", "trainB", "testA", "testB"], "unpaired"],
    [["train", "trainA", "trainB"], "unpaired"],
    [[], "unpaired"],
  ])("with %j is %s", (names, mode) => expect(guessMode(names)).toBe(mode));

  it("is guessed from the data folder, with the defaults that follow from it", async () => {
    await mkdir(join(cwd, "facades", "train"), { recursive: true });
    const config = await readConfiguration({ data: "facades", sets: [], cwd });
    expect([config.mode, config.training.poolSize, config.data.path]).toEqual(["paired", 0, join(cwd, "facades")]);
  });

  it("is not guessed when it is given, or when the model knows one only", async () => {
    await mkdir(join(cwd, "facades", "train"), { recursive: true });
    expect((await readConfiguration({ data: "facades", sets: ["mode=unpaired"], cwd })).mode).toBe("unpaired");
    expect((await readConfiguration({ data: "facades", sets: ["network.kind=cyclegan"], cwd })).mode).toBe("unpaired");
  });
});

describe("what is wrong", () => {
  it("in the file's syntax is told with line and column", async () => {
    const file = await write('{\n  "mode": "paired"\n  "engine": "wasm"\n}');
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toMatchObject({
      code: "config",
      message: `${join(cwd, file)}: comma expected at line 3, column 3`,
    });
  });

  it.each(["", "{", "[1,", '{"a":}', "nonsense"])("in %j is an error too", async (text) => {
    const file = await write(text);
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toMatchObject({ code: "config" });
  });

  it("is blamed on where it came from", async () => {
    const file = await write('{ "data": { "path": "x" }, "network": { "depth": -1 } }');
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toThrow(
      "project/revgan.json: network.depth must be",
    );
    await expect(readConfiguration({ file, sets: ["network.depth=-2"], cwd })).rejects.toThrow(
      "--set: network.depth must be",
    );
    await expect(readConfiguration({ file, sets: ["network.depht=2"], cwd })).rejects.toThrow(
      "--set: network.depht is not a key",
    );
    await expect(readConfiguration({ file, data: "", sets: ["network.depth=2"], cwd })).rejects.toThrow(
      "--data: data.path must be the path of a folder",
    );
  });

  it("when nothing says where the data is", async () => {
    await expect(readConfiguration({ sets: [], cwd })).rejects.toMatchObject({
      code: "usage",
      remedy: "name one with --config FILE or --data DIR",
    });
    const file = await write("{}");
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toMatchObject({
      code: "usage",
      message: "project/revgan.json names no data folder",
    });
  });

  it("when the file is not there, a folder, or huge", async () => {
    await expect(readConfiguration({ file: "none.json", sets: [], cwd })).rejects.toThrow(
      `there is no configuration ${join(cwd, "none.json")}`,
    );
    await expect(readConfiguration({ file: ".", sets: [], cwd })).rejects.toMatchObject({ code: "config" });
    const file = await write(" ".repeat(2 * 1024 * 1024));
    await expect(readConfiguration({ file, sets: [], cwd })).rejects.toThrow(
      "has 2097152 bytes, more than the 1048576 that are read",
    );
  });
});
