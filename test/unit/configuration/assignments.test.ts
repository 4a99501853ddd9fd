import { describe, expect, it } from "vitest";
import {
  applyAssignments,
  mayChangeOnResume,
  mergeResume,
  parseAssignment,
} from "../../../extension/configuration/assignments";
import { parseConfig } from "../../../extension/configuration/config";
import { configKeys } from "../../../extension/configuration/keys";

describe("--set", () => {
  it.each([
    ["training.maxSteps=3", 3],
    ["training.maxSteps=null", null],
    ["data.cropSize=[128, 256]", [128, 256]],
    ["mode=paired", "paired"],
    ["data.path=/a=b c", "/a=b c"],
    ["data.path=", ""],
  ])("%s is read as JSON or else as text", (text, value) => expect(parseAssignment(text).value).toEqual(value));

  it("names the nearest key for an unknown one", () => {
    expect(() => parseAssignment("network.depht=3")).toThrow(
      "--set: network.depht is not a key of the configuration; did you mean network.depth?",
    );
    expect(() => parseAssignment("__proto__.x=3")).toThrow("is not a key of the configuration");
  });

  it("sets one key, not a section", () => {
    expect(() => parseAssignment("training={}")).toThrow("training is a section, not a setting");
  });

  it("adds missing sections and leaves the original alone", () => {
    const original = { network: { depth: 3 }, data: { folders: null } };
    const sets = [
      "training.maxSteps=3",
      "network.discriminator.layers=2",
      "data.folders.a=lr",
      "network.depth=4",
      "network.depth=5",
    ];
    expect(applyAssignments(original, sets.map(parseAssignment))).toEqual({
      network: { depth: 5, discriminator: { layers: 2 } },
      data: { folders: { a: "lr" } },
      training: { maxSteps: 3 },
    });
    expect(original).toEqual({ network: { depth: 3 }, data: { folders: null } });
  });

  it("leaves a section of the wrong type for the check to report", () => {
    expect(applyAssignments({ network: 5 }, [parseAssignment("network.depth=3")])).toEqual({ network: 5 });
  });
});

const config = parseConfig({ data: { path: "/data" }, training: { maxSteps: 10 } }, "");

describe("going on with a run", () => {
  it("may change the training, the engine and what is kept for the backward pass", () => {
    const merged = mergeResume(config, [
      "training.maxSteps=20",
      "engine=wasm",
      "network.backprop=store",
      "training.learningRate=1e-4",
    ]);
    expect(merged).toEqual({
      ...config,
      engine: "wasm",
      network: { ...config.network, backprop: "store" },
      training: { ...config.training, maxSteps: 20, learningRate: 0.0001 },
    });
    expect(config.training.maxSteps).toBe(10);
    expect(mergeResume(config, ["network.memoryBudget=400000000"]).network.memoryBudget).toBe(400e6);
  });

  it("lists what may change", () => {
    const keys = configKeys().settings.filter(mayChangeOnResume);
    expect(keys).toContain("training.epochs");
    expect(keys).not.toContain("training.seed");
    expect(keys).not.toContain("training.batchSize");
    expect(keys.filter((key) => !key.startsWith("training."))).toEqual([
      "network.backprop",
      "network.memoryBudget",
      "data.cropSize",
      "data.skipUnreadable",
      "engine",
      "convolution",
      "gpu",
    ]);
  });

  it.each([
    ["training.seed=1", "its random numbers continue from the checkpoint"],
    ["training.batchSize=2", "its steps and epochs were counted with it"],
    ["network.depth=3", "its weights were made for this network"],
    ["data.loadSize=128", "its steps continue in the middle of this data"],
    ["mode=paired", "the run was started with it"],
  ])("refuses %s, saying why", (set, why) => {
    const key = set.slice(0, set.indexOf("="));
    expect(() => mergeResume(config, [set])).toThrow(`--set: ${key} cannot change when a run goes on: ${why}`);
  });

  it("checks the new values", () => {
    expect(() => mergeResume(config, ["training.maxSteps=many"])).toThrow(
      '--set: training.maxSteps must be a whole number of at least 0, not "many"',
    );
    expect(() => mergeResume(config, ["training.maxStep=1"])).toThrow("did you mean training.maxSteps?");
    expect(() => mergeResume(config, ["training.maxSteps"])).toThrow("--set takes key=value");
  });
});
