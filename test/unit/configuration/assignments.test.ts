import { describe, expect, it } from "vitest";
import { applyAssignments, parseAssignment } from "../../../extension/configuration/assignments";

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
