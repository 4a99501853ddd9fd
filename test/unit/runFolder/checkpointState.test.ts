import { describe, expect, it } from "vitest";
import { formatCheckpointState, parseCheckpointState } from "../../../extension/runFolder/checkpointState";

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
