import { describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../extension/configuration/config";
import type { BackpropMode } from "../../../extension/protocol/lines";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { configOf } from "../../support/smallNetworks";

const backprops = ["recompute", "checkpoint", "store"] as const satisfies readonly BackpropMode[];

describe("memory by the theory", () => {
  const growth = (
    config: Config,
    depths: readonly number[],
    backprop: BackpropMode,
    share: "activations" | "largestActivations" = "activations",
  ): number[] => {
    const theory = new MemoryTheory(config);
    const bytes = depths.map((depth) => theory.at({ depth, backprop })[share]);
    return bytes.slice(1).map((each, i) => each - bytes[i]!);
  };
  const depths = Array.from({ length: 65 }, (_, depth) => depth);
  // Half of the features of a 64² picture at a quarter of its sides, and an instance norm's scale for each of their channels.
  const half = 4 * 16 * 16 * 16;
  const scales = 4 * 16;

  it("is what `revgan memory` printed for the default configuration, step for step", () => {
    const measuredPeaks = {
      recompute: [268284552, 287158920, 324907656, 400405128],
      checkpoint: [276673160, 303936136, 350073480, 441226888],
      store: [318624392, 387838600, 526267016, 803123848],
    };
    for (const backprop of backprops)
      expect([2, 4, 8, 16].map((depth) => new MemoryTheory(parseConfig({}, "")).at({ depth, backprop }).peak)).toEqual(
        measuredPeaks[backprop],
      );
  });

  it.each([
    ["unpaired", "additive", 2 * 2 * (3 * half + 2 * scales)],
    ["paired", "additive", 2 * (3 * half + 2 * scales)],
    ["unpaired", "affine", 2 * 2 * (6 * half + 4 * scales)],
    ["paired", "affine", 2 * (6 * half + 4 * scales)],
  ] as const)(
    "%s, %s: activations grow by nothing recomputing, and by %i bytes for every block storing",
    (mode, coupling, bytes) => {
      const config = configOf({ mode, cropSize: 64, network: { coupling } });
      expect(new Set(growth(config, depths, "recompute"))).toEqual(new Set([0]));
      // The first block may still hide behind the layers around the core.
      expect(new Set(growth(config, depths.slice(2), "store"))).toEqual(new Set([bytes]));
    },
  );

  // The peak of so many weights for so small pictures lies in the discriminators' step, whose activations hide what the core keeps.
  it("has the largest activations where the core works, also where the peak lies elsewhere", () => {
    const config = configOf({ mode: "paired", cropSize: 64, network: { width: 16, discriminator: { width: 32 } } });
    expect(new Set(growth(config, depths.slice(0, 17), "store"))).toEqual(new Set([0]));
    expect(new Set(growth(config, depths, "recompute", "largestActivations"))).toEqual(new Set([0]));
    expect(new Set(growth(config, depths.slice(6), "store", "largestActivations"))).toEqual(
      new Set([2 * (3 * 2 * half + 2 * 2 * scales)]),
    );
  });

  it.each([
    ["cyclegan", "unpaired"],
    ["pix2pix", "paired"],
  ] as const)("a %s grows by as many bytes for every block as a RevGAN that stores", (kind, mode) => {
    const bytes = growth(configOf({ mode, cropSize: 64 }), depths.slice(2), "store")[0];
    expect(new Set(growth(configOf({ mode, cropSize: 64, network: { kind } }), depths.slice(2), "store"))).toEqual(
      new Set([bytes]),
    );
  });

  it.each(["paired", "unpaired"] as const)(
    "%s: activations grow as the square root of the depth with checkpoints",
    (mode) => {
      const squares = Array.from({ length: 20 }, (_, i) => (i + 12) ** 2);
      const steps = new Set(growth(configOf({ mode, cropSize: 64 }), squares, "checkpoint"));
      expect(steps.size).toBe(1);
      expect(Math.min(...steps)).toBeGreaterThan(0);
    },
  );

  it("lies between that of recomputing and of storing with checkpoints, from two blocks on", () => {
    const theory = new MemoryTheory(configOf({ cropSize: 64 }));
    for (const depth of depths.slice(2)) {
      const [recompute, checkpoint, store] = backprops.map((backprop) => theory.at({ depth, backprop }).peak);
      expect(recompute).toBeLessThan(checkpoint!);
      expect(checkpoint).toBeLessThan(store!);
    }
  });

  it("is not known for pictures of any size, and says so", () => {
    expect(() => new MemoryTheory(configOf({ cropSize: null }))).toThrow(/data\.cropSize is null/);
  });
});
