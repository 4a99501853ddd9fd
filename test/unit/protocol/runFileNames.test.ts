import { describe, expect, it } from "vitest";
import { parseStepName, stepName } from "../../../extension/protocol/runFileNames";

describe("a step's name", () => {
  it.each([
    [0, "000000"],
    [100, "000100"],
    [999_999, "999999"],
    [1_000_000, "1000000"],
  ])("of %d is %s, and is read as it was written", (step, name) => {
    expect(stepName(step)).toBe(name);
    expect(parseStepName(name)).toBe(step);
  });

  it.each(["", "100", "0000100", "000100.tmp", "-00100", "1e6", "../000100", "9".repeat(16)])("is not %j", (name) =>
    expect(parseStepName(name)).toBeNull(),
  );
});
