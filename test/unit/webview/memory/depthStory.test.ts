import { describe, expect, test } from "vitest";
import { parseConfig, type Config } from "../../../../extension/configuration/config";
import { sampleConfigs } from "../../../../extension/configuration/sampleConfigs";
import { theoryOf } from "../../../../extension/host/theoryForPanel";
import type { BackpropMode } from "../../../../extension/protocol/lines";
import type { TheoryPoint } from "../../../../extension/protocol/panel";
import type { Quantity } from "../../../../webview/memory/backpropModes";
import { theoryDepths } from "../../../../extension/charts/theoryDepths";
import { depthStory } from "../../../../webview/memory/depthStory";

async function theoryFor(config: Config): Promise<readonly TheoryPoint[]> {
  return (await theoryOf(config, "native", theoryDepths(config.network, []))).points;
}

async function storyOf(written: object, quantity: Quantity): Promise<{ sentence: string; note: string }> {
  const config = parseConfig(written, "");
  return depthStory(quantity, config.network, await theoryFor(config));
}

const sample = sampleConfigs["nuclei-labels"];

describe("the story of the largest activations", () => {
  test.each([
    [{}, "16 blocks keep what 2 do, 159 MB; storing would take 562 MB."],
    [{ network: { depth: 20 } }, "20 blocks keep what 2 do, 159 MB; storing would take 662 MB."],
    [
      { network: { backprop: "checkpoint" } },
      "16 blocks keep 201 MB with checkpoints; recomputing would keep what 2 blocks do, 159 MB, and storing 562 MB.",
    ],
    [
      { network: { backprop: "store" } },
      "16 blocks keep 562 MB, storing; recomputing would keep what 2 blocks do, 159 MB.",
    ],
    [
      { network: { kind: "cyclegan" } },
      "16 blocks keep 562 MB, 2 blocks 209 MB: this network is not reversible, so every block is stored.",
    ],
    [
      { mode: "paired", network: { kind: "pix2pix", generator: "unet256" } },
      "This U-Net keeps 86 MB at most. Its depth is fixed, and it is not reversible: it stores everything.",
    ],
    [sample, "16 blocks keep what 2 do, 2.87 MB; storing would take 5.01 MB."],
  ])("%o: %s", async (written, sentence) => {
    expect((await storyOf(written, "largestActivations")).sentence).toBe(sentence);
  });

  test("says up to which depth ways need the same, and nothing where they differ at once", async () => {
    expect((await storyOf({}, "largestActivations")).note).toBe("");
    expect((await storyOf(sample, "largestActivations")).note).toBe(
      "Up to 5 blocks all three ways need the same: the layers around the core need more than it keeps. " +
        "Checkpoints need no more than recomputing up to 36 blocks.",
    );
  });
});

describe("the story of a network within a memory budget", () => {
  const memoryBudget = 450_000_000;
  test.each([
    [
      "peak",
      "9 blocks need 435 MB in all, within the budget of 450 MB; recomputing all would need 334 MB, storing all 561 MB.",
    ],
    [
      "largestActivations",
      "9 blocks keep 260 MB, within the budget of 450 MB for the whole step; recomputing all would keep 159 MB, storing all 385 MB.",
    ],
  ] as const)("%s: %s", async (quantity, sentence) => {
    expect((await storyOf({ network: { memoryBudget } }, quantity)).sentence).toBe(sentence);
  });

  test("is that of recomputing where the theory has none within it", async () => {
    const recomputing = await storyOf({}, "peak");
    expect(await storyOf({ network: { memoryBudget: 1000 } }, "peak")).toEqual(recomputing);
  });
});

describe("the story of the peak", () => {
  test.each([
    [
      {},
      "16 blocks need 400 MB in all, 132 MB more than 2: weights, moments and gradients; storing would need 803 MB.",
      "",
    ],
    [
      sample,
      "16 blocks need 35.3 MB in all, 6.19 MB more than 2, in all three ways.",
      "Up to 23 blocks all three ways have the same peak: at 4 blocks it lies in the discriminators, and 510 kB of its " +
        "29.9 MB are activations. Checkpoints need no more than recomputing up to 47 blocks.",
    ],
  ])("%o: %s", async (written, sentence, note) => {
    expect(await storyOf(written, "peak")).toEqual({ sentence, note });
  });
});

test("curves part where the story says so", async () => {
  const points = await theoryFor(parseConfig(sample, ""));
  const same = (quantity: Quantity, mode: BackpropMode, depth: number): boolean => {
    const { needs } = points.find((point) => point.depth === depth)!;
    return needs[mode]![quantity] === needs.recompute![quantity];
  };
  for (const [quantity, mode, last] of [
    ["peak", "store", 23],
    ["peak", "checkpoint", 47],
    ["largestActivations", "store", 5],
    ["largestActivations", "checkpoint", 36],
  ] as const)
    expect([same(quantity, mode, last), same(quantity, mode, last + 1)], `${quantity}, ${mode}`).toEqual([true, false]);
});

test("without a theory there is no story", () => {
  expect(depthStory("peak", parseConfig({}, "").network, [])).toEqual({ sentence: "", note: "" });
});
