import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { countGeneratorParameters } from "../../../extension/trainer/memoryTheory/networkCosts";
import { decodeSafetensors } from "../../../extension/trainer/interop/safetensors";

describe("parameters of the generators", () => {
  // The first two are the authors' code's; `python test/parity/comparison.py --count` prints PyTorch's numbers of the others.
  it.each([
    [{ kind: "revgan" }, "unpaired", 6_826_502],
    [{ kind: "revgan" }, "paired", 6_826_502],
    [{ kind: "cyclegan" }, "unpaired", 22_756_358],
    [{ kind: "cyclegan", norm: "batch" }, "unpaired", 22_766_854],
    [{ kind: "pix2pix" }, "paired", 11_378_179],
    [{ kind: "pix2pix", generator: "unet128" }, "paired", 41_825_667],
    [{ kind: "pix2pix", generator: "unet256", norm: "batch", dropout: true }, "paired", 54_413_955],
  ] as const)("%o, %s, are as many as PyTorch counts", (network, mode, count) => {
    expect(countGeneratorParameters(parseConfig({ mode, network }, ""))).toBe(count);
  });

  it("are twice as many in the blocks of affine couplings", () => {
    const blocks = (coupling: string): number =>
      countGeneratorParameters(parseConfig({ network: { coupling } }, "")) -
      countGeneratorParameters(parseConfig({ network: { coupling, depth: 0 } }, ""));
    // A block of 64 channels doubled twice, 128 in each half: two functions of two convolutions with their biases.
    expect(blocks("additive")).toBe(9 * 2 * 2 * (9 * 128 * 128 + 128));
    expect(blocks("affine")).toBe(2 * blocks("additive"));
  });

  it("do not depend on the size of the pictures", () => {
    const config = (cropSize: unknown) => parseConfig({ data: { loadSize: null, cropSize } }, "");
    expect([null, 64, [128, 320]].map((size) => countGeneratorParameters(config(size)))).toEqual([
      6_826_502, 6_826_502, 6_826_502,
    ]);
  });

  it.each(["paired", "unpaired"] as const)("of volumes, %s, are as many as the authors' code has", (mode) => {
    const file = join(import.meta.dirname, "..", "..", "parity", "fixtures", `volumes-${mode}`, "init.safetensors");
    const weights = [...decodeSafetensors(readFileSync(file), file)].filter(([name]) => name.startsWith("G."));
    const count = weights.reduce((sum, [, { data }]) => sum + data.length, 0);
    expect(count).toBe(18_650);
    const network = { dimensions: 3, width: 6, depth: 2, inputChannels: 1, outputChannels: 1 };
    expect(countGeneratorParameters(parseConfig({ mode, network }, ""))).toBe(count);
  });
});
