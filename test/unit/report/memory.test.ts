import { expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { MemoryLine } from "../../../extension/protocol/lines";
import { memoryByDepth } from "../../../extension/trainer/report/memoryByDepth";
import { depthChart } from "../../../extension/trainer/report/sections/memory";
import { stepLine } from "../runFolder/runOnDisk";

const network = { depth: 3, width: 4, discriminator: { width: 4, layers: 1 } };

function memoryOf(settings: object, measured: readonly MemoryLine[] = []): ReturnType<typeof memoryByDepth> {
  return memoryByDepth(parseConfig({ data: { cropSize: 32 }, ...settings }, ""), "native", measured);
}

it("the activations of a recomputing network do not grow with depth, and those of a storing one do", () => {
  const { points, mode } = memoryOf({ network });
  const curve = (way: "recompute" | "store"): number[] => points.map(({ needs }) => needs[way]!.largestActivations);
  expect(mode).toBe("recompute");
  expect(new Set(curve("recompute").slice(2)).size).toBe(1);
  expect(curve("store").at(-1)!).toBeGreaterThan(2 * curve("recompute").at(-1)!);
});

it("the chart has a line for each way, a dot for each measurement and one for the training", () => {
  const shares = { peak: 9, weights: 1, moments: 1, gradients: 1, activations: 6, largestActivations: 6 };
  const measured = [4, 70].map((depth): MemoryLine => ({
    type: "memory",
    depth,
    backprop: "store",
    measured: shares,
    theory: shares,
    residentBytes: 1,
    seconds: 1,
  }));
  const line = stepLine(1);
  const config = parseConfig({ network, data: { cropSize: 32 } }, "");
  const memory = memoryOf({ network }, measured);
  expect(memory.points.at(-1)!.depth).toBe(70);
  const lastStep = { ...line, bytes: { ...line.bytes, largestActivations: 7 } };
  const { text } = depthChart(memory, config, lastStep)!;
  expect(text.match(/<path class="line/g)).toHaveLength(3 + 3);
  expect(text.match(/<circle/g)).toHaveLength(2 + 1 + 2);
  for (const label of ["recomputing", "with checkpoints", "storing", "measured, storing", "this training"])
    expect(text).toContain(label);
});

it("there is no chart where the pictures have no fixed size, nor of a U-Net, whose depth is fixed", () => {
  expect(memoryOf({ network, data: { cropSize: null, loadSize: null } }).points).toEqual([]);
  const unet = { mode: "paired", network: { kind: "pix2pix", generator: "unet128" }, data: { cropSize: 128 } };
  expect(memoryOf(unet).points).toHaveLength(1);
  expect(depthChart(memoryOf(unet), parseConfig(unet, ""), null)).toBeNull();
});
