import { beforeAll, describe, expect, it } from "vitest";
import type { WebGpuKernels } from "../../../../extension/trainer/kernels/webgpu/webgpuKernels";
import { dispose } from "../../../../extension/trainer/kernels/tensor";
import { measureStep } from "../../../../extension/trainer/memoryMeasurement/measureStep";
import { MemoryTheory } from "../../../../extension/trainer/memoryTheory/memoryTheory";
import { bits, gaussian } from "../../../support/arrays";
import { expectNoLeaks, testedGpu, webGpuKernels } from "../../../support/engines";
import { extent } from "../../../support/full";
import { coreCouplings, coreOf, seededSource } from "../../../support/networks";
import { configOf, type Written } from "../../../support/smallNetworks";
import { configFor, disposeTrainer, trainerFor, trainSteps } from "../../../support/training";

describe.runIf(testedGpu !== "none")("a training step on webgpu", () => {
  let k: WebGpuKernels;
  beforeAll(async () => {
    k = await webGpuKernels();
  });
  expectNoLeaks(() => k);

  const tiny = { width: 4, discriminator: { width: 4, layers: 1 } };

  it("takes at most 2,500 dispatches and 8 reads at 9 blocks, and holds no more the longer it trains", async () => {
    const config = configFor({
      side: 32,
      mode: "unpaired",
      network: { ...tiny, depth: 9, discriminator: { width: 4 } },
    });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 2);
    const before = { ...k.gpu.counts, held: k.gpu.heldBytes, tensors: k.ledger.count };
    const steps = extent(3, 50);
    await trainSteps(trainer, config, 3, 2 + steps);
    expect((k.gpu.counts.dispatches - before.dispatches) / steps).toBeLessThanOrEqual(2500);
    expect((k.gpu.counts.reads - before.reads) / steps).toBeLessThanOrEqual(8);
    expect({ held: k.gpu.heldBytes, tensors: k.ledger.count }).toEqual({ held: before.held, tensors: before.tensors });
    disposeTrainer(trainer);
  });

  it.each(extent([9], [9, 32, 64]))(
    "trains to the same weights recomputing as storing, bit for bit, in six steps at %i blocks",
    async (depth) => {
      const trained = async (backprop: string): Promise<string[]> => {
        const config = configFor({ side: 16, mode: "unpaired", network: { ...tiny, depth, backprop } });
        const trainer = trainerFor(k, config);
        await trainSteps(trainer, config, 1, 6);
        const { generatorParameters, discriminatorParameters } = trainer.model;
        const weights = [...generatorParameters, ...discriminatorParameters].map(({ value }) => bits(k.read(value)));
        disposeTrainer(trainer);
        return weights;
      };
      expect(await trained("recompute")).toEqual(await trained("store"));
    },
  );

  it("inverts the core, bit for bit, at 9 blocks", () => {
    const couplings = coreCouplings(seededSource(k, 1), { depth: 9, channels: 16 });
    const shape = [1, 8, 8, 16];
    const x = k.tensor(
      gaussian(shape, 1).map((value) => Math.round(value * 2 ** 18) / 2 ** 18 + 0),
      shape,
    );
    const { y, saved } = coreOf(couplings, "forward").forward(k, x, "none");
    const { y: back } = coreOf(couplings, "inverse").run(k, y, "none", saved.grid);
    expect(bits(k.read(back))).toBe(bits(k.read(x)));
    expect(bits(k.read(y))).not.toBe(bits(k.read(x)));
    dispose(x, y, back);
    for (const coupling of couplings) for (const parameter of coupling.parameters) parameter.dispose();
  });

  const volumes = { dimensions: 3, width: 4, inputChannels: 1, outputChannels: 1 };
  const cases: [string, Written][] = [
    ["unpaired", {}],
    ["paired volumes", { mode: "paired", network: volumes, cropSize: 16 }],
  ];
  const more: [string, Written][] = [
    ["paired, affine", { mode: "paired", network: { coupling: "affine" } }],
    ["storing", { network: { backprop: "store" } }],
    ["large pictures, which norms see in parts", { mode: "paired", network: { width: 4, depth: 1 }, cropSize: 96 }],
    ["a CycleGAN with batch norms", { network: { kind: "cyclegan", norm: "batch" }, training: { batchSize: 2 } }],
    ["a U-Net", { network: { kind: "pix2pix", generator: "unet128", width: 2 }, cropSize: 128 }],
    ["unpaired volumes", { network: volumes, cropSize: 16 }],
  ];
  it.each([...cases, ...extent([], more)])("takes the bytes that the theory says: %s", async (_, written) => {
    const config = configOf({ ...written, engine: "webgpu" });
    const theory = new MemoryTheory(config).at(config.network);
    expect((await measureStep(k, config)).measured).toEqual(theory);
  });
});
