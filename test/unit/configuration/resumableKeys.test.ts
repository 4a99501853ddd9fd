import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { mergeResume, resumableKeys } from "../../../extension/configuration/resumableKeys";

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
  });

  it("lists what may change", () => {
    expect(resumableKeys).toContain("training.epochs");
    expect(resumableKeys).not.toContain("training.seed");
    expect(resumableKeys).not.toContain("training.batchSize");
    expect(resumableKeys.filter((key) => !key.startsWith("training."))).toEqual([
      "network.backprop",
      "data.cropSize",
      "engine",
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
