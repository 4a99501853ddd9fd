import { describe, expect, it } from "vitest";
import { parseConfig, type Config } from "../../../extension/configuration/config";
import { requiredCase } from "../../../extension/trainer/memoryTheory/memoryBudget";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { changesThatFit } from "../../../extension/trainer/memoryTheory/changesThatFit";

type Network = Partial<Config["network"]>;

function configOf(network: object, cropSize: unknown = 128, mode = "unpaired"): Config {
  return parseConfig(
    { mode, network: { ...network, discriminator: { width: 8 } }, data: { path: ".", loadSize: null, cropSize } },
    "test",
  );
}

function peakOf(config: Config, network: Network, cropSize: Config["data"]["cropSize"] = config.data.cropSize): number {
  const changed: Config = { ...config, network: { ...config.network, ...network }, data: { ...config.data, cropSize } };
  return new MemoryTheory(changed, "native").at(changed.network).peak;
}

describe("what fits into a budget", () => {
  it("is of each kind the largest that does", () => {
    const config = configOf({ width: 16, depth: 12, backprop: "store" });
    const budget = Math.round(0.8 * peakOf(config, {}));
    const { backprop, cropSize, depth, width } = changesThatFit(config, budget, "native");
    expect(backprop).toBe("recompute");
    const bounds = [
      [peakOf(config, {}, cropSize), peakOf(config, {}, (cropSize as number) + 4)],
      [peakOf(config, { depth: depth! }), peakOf(config, { depth: depth! + 1 })],
      [peakOf(config, { width: width! }), peakOf(config, { width: width! + 1 })],
    ];
    for (const [fits, over] of bounds) {
      expect(fits).toBeLessThanOrEqual(budget);
      expect(over).toBeGreaterThan(budget);
    }
  });

  it("is nothing where weights alone are too many, but for fewer of them", () => {
    const config = configOf({ width: 16, depth: 12 });
    const budget = 6e6;
    const fits = changesThatFit(config, budget, "native");
    expect(Object.keys(fits)).toEqual(["width"]);
    expect(peakOf(config, { width: fits.width! })).toBeLessThanOrEqual(budget);
    expect(changesThatFit(config, 1000, "native")).toEqual({});
  });

  it("keeps the proportions of volumes, which are multiples of what the network takes", () => {
    const config = configOf({ dimensions: 3, width: 8, depth: 2 }, [48, 64, 32]);
    const { cropSize } = changesThatFit(config, Math.round(0.6 * peakOf(config, {})), "native");
    expect(peakOf(config, {}, cropSize)).toBeLessThanOrEqual(0.6 * peakOf(config, {}));
    const [depth, height, width] = cropSize as readonly [number, number, number];
    expect([depth % 2, height % 2, width % 2]).toEqual([0, 0, 0]);
    expect(depth / height).toBeCloseTo(0.75, 1);
    expect(width / height).toBeCloseTo(0.5, 1);
  });

  it("leaves a U-Net its levels, and a CycleGAN its way of backpropagation", () => {
    const unet = configOf({ kind: "pix2pix", generator: "unet128", width: 8 }, 256, "paired");
    expect(Object.keys(changesThatFit(unet, 0.8 * peakOf(unet, {}), "native"))).toEqual(["cropSize", "width"]);
    const cyclegan = configOf({ kind: "cyclegan", width: 16, depth: 6 });
    expect(Object.keys(changesThatFit(cyclegan, 0.8 * peakOf(cyclegan, {}), "native"))).toEqual([
      "cropSize",
      "depth",
      "width",
    ]);
  });

  it("is without a memory budget what recomputing takes, and within it what its steps take", () => {
    const config = configOf({ width: 16, depth: 12 });
    const [least, most] = [peakOf(config, {}), peakOf(config, { backprop: "store" })];
    const within = (memoryBudget: number): Config => ({ ...config, network: { ...config.network, memoryBudget } });
    const found = changesThatFit(within(most), Math.round((least + most) / 2), "native");
    expect(Object.keys(found)).toEqual(["memoryBudget", "cropSize", "depth", "width"]);
    expect(found.memoryBudget).toBeNull();
    for (const { cropSize, depth, width } of [found]) {
      const { network } = within(most);
      const changed = [
        { ...within(most), data: { ...config.data, cropSize: cropSize! } },
        { ...within(most), network: { ...network, depth: depth! } },
        { ...within(most), network: { ...network, width: width! } },
      ];
      for (const each of changed) {
        const theory = new MemoryTheory(each, "native");
        expect(theory.at(requiredCase(theory, each.network)).peak).toBeLessThanOrEqual((least + most) / 2);
      }
    }
    expect(changesThatFit(within(most), least - 1, "native")).not.toHaveProperty("memoryBudget");
  });

  it("is unknown for pictures of any size", () => {
    expect(changesThatFit(configOf({}, null), 1e9, "native")).toEqual({});
  });
});
