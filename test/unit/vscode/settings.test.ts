import { expect, it } from "vitest";
import { settingValue } from "../../../extension/vscode/settings";

it("a setting has the user's value", () => {
  expect(settingValue("panel.openOnTrain", false)).toBe(false);
  expect(settingValue("translate.outputFolder", "out")).toBe("out");
  expect(settingValue("gpu", "3")).toBe("3");
  expect(settingValue("gpu", "Radeon RX 7900")).toBe("Radeon RX 7900");
});

it("what is not of a setting's type or pattern counts as not set", () => {
  for (const written of [undefined, null, "false", 0, {}])
    expect(settingValue("panel.openOnTrain", written)).toBe(true);
  for (const written of [undefined, null, true, 7, ["out"]])
    expect(settingValue("translate.outputFolder", written)).toBe("");
  for (const written of [undefined, 0, "a\nb", "x".repeat(201)]) expect(settingValue("gpu", written)).toBe("");
});
