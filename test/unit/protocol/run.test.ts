import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/protocol/config";
import {
  formatCheckpointState,
  parseCheckpointState,
  parseLock,
  parseRun,
  type Run,
} from "../../../extension/protocol/run";

const run: Run = {
  format: 1,
  name: "maps",
  config: parseConfig({}, ""),
  engine: { name: "native", device: "CPU", version: "2.21.0" },
  versions: { revgan: "0.1.0", node: "v20.20.2" },
  seed: 0,
  state: "running",
  step: 3,
  best: null,
  createdAt: "2026-01-02T03:04:05.678Z",
  updatedAt: "2026-01-02T03:04:06Z",
  error: null,
};

describe("run.json", () => {
  it("is read as it was written", () => {
    expect(parseRun(JSON.parse(JSON.stringify(run)), "run.json")).toEqual(run);
  });

  it.each([
    [null, "run", "run.json is damaged at its top level"],
    [{ ...run, state: "dead" }, "run", "run.json is damaged at state"],
    [{ ...run, step: -1 }, "run", "run.json is damaged at step"],
    [{ ...run, name: "x".repeat(2000) }, "run", "run.json is damaged at name"],
    [{ ...run, format: 2 }, "run", "run.json was written by a newer RevGAN (format 2)"],
    [
      { ...run, config: { depth: 1 } },
      "config",
      "run.json: depth is not a key of the configuration; did you mean network.depth?",
    ],
  ])("refuses what is none", (value, code, message) => {
    expect(() => parseRun(value, "run.json")).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error,
    );
  });
});

describe("a lock", () => {
  it("names a process, its host and since when", () => {
    const lock = { pid: 12, host: "gpu1", startedAt: "2026-01-02T03:04:05.678Z" };
    expect(parseLock(lock)).toEqual(lock);
    expect(parseLock({ ...lock, pid: 0 })).toBeUndefined();
    expect(parseLock("12")).toBeUndefined();
  });
});

describe("state.json", () => {
  it("has equal bytes for equal states, whatever the order of their keys", () => {
    const one = formatCheckpointState({
      format: 1,
      step: 3,
      epoch: 1,
      random: { b: { y: [1, 2], x: "s" }, a: 1 },
      more: {},
    });
    const other = formatCheckpointState({
      more: {},
      random: { a: 1, b: { x: "s", y: [1, 2] } },
      epoch: 1,
      step: 3,
      format: 1,
    });
    expect(one).toBe(other);
    expect(parseCheckpointState(one, "state.json").random).toEqual({ a: 1, b: { x: "s", y: [1, 2] } });
  });

  it("is refused when damaged", () => {
    expect(() => parseCheckpointState('{"step":1}', "/c/state.json")).toThrow("/c/state.json is damaged at format");
    expect(() => parseCheckpointState('{"step"', "/c/state.json")).toThrow("/c/state.json is damaged: it is not JSON");
  });
});
