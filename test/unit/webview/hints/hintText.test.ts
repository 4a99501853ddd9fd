import { expect, test } from "vitest";
import { parseConfig } from "../../../../extension/configuration/config";
import type { HealthHint } from "../../../../extension/comparison/health/hint";
import { hintText } from "../../../../webview/hints/hintText";

const configOf = (mode: "paired" | "unpaired") =>
  parseConfig({ mode, data: { path: "x", names: { a: "tissue", b: "labels" } } }, "a test's configuration");
const reasonOf = (hint: HealthHint): string => hintText(hint, configOf("unpaired")).reason;
const [direction, since] = ["BtoA", 1200] as const;

test("a constant output is told with both spreads, and with the weight that its mode has", () => {
  const hint = { kind: "constantOutput", direction, since, spread: 0.391, realSpread: 68.14 } as const;
  expect(reasonOf(hint)).toBe(
    "Since step 1,200 translations to tissue are nearly the same whatever the input: they differ by 0.391 of 255, real ones by 68.1.",
  );
  expect(hintText(hint, configOf("unpaired")).advice).toContain("training.lambdaCycle");
  expect(hintText(hint, configOf("paired")).advice).toContain("training.lambdaL1");
});

test("translations that are none are told with what one gets without a network, by the measure that there is", () => {
  const hint = { kind: "untranslated", direction, since, cycle: 1.24, value: 9.5, plain: 10 } as const;
  expect(reasonOf({ ...hint, metric: "mae" })).toBe(
    "The way back from tissue is nearly perfect (error 1.2 of 255), but since step 1,200 translations are no better than one plain colour: 9.5 against 10.0.",
  );
  expect(reasonOf({ ...hint, metric: "slicedWasserstein" })).toBe(
    "The way back from tissue is nearly perfect (error 1.2 of 255), but since step 1,200 translations look hardly more like tissue than the input does: distance 9.5 against 10.0.",
  );
});

test("losses are told with two digits, so that the words do not change with every step", () => {
  const means = { direction, steps: 1234, discriminator: 0.25123, generator: 1.0041 };
  expect(reasonOf({ kind: "discriminatorGuesses", ...means })).toBe(
    "The discriminator of tissue tells nothing apart: over the last 1,234 steps its loss stays at 0.25, which is that of guessing.",
  );
  expect(reasonOf({ kind: "discriminatorWon", ...means })).toContain("its loss is 0.25, the generator's 1.0.");
});

test("of a rising error the training data are suspected, of a rising distance the training itself", () => {
  const hint = { kind: "validationRises", since, best: 15.62, latest: 18.2 } as const;
  const [error, distance] = (["mae", "slicedWasserstein"] as const).map((metric) =>
    hintText({ ...hint, metric }, configOf("paired")),
  );
  expect(error!.reason).toBe("The error in validation has risen from 15.6 around step 1,200 to 18.2.");
  expect(error!.advice).toContain("by heart");
  expect(distance!.reason).toBe("The distance from real pictures has risen from 15.6 around step 1,200 to 18.2.");
  expect(distance!.advice).toContain("unstable");
});
