import { describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../extension/configuration/config";
import { CountingKernels } from "../../../extension/trainer/kernels/countingKernels";
import type { Tensor } from "../../../extension/trainer/kernels/tensor";
import { isConvolution, type Work } from "../../../extension/trainer/kernels/work";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { operationsByDepth } from "../../../extension/trainer/memoryTheory/networkCosts";
import { buildModel } from "../../../extension/trainer/models/buildModel";
import { LayerFactory } from "../../../extension/trainer/models/layerFactory";
import { shapeAlone } from "../../../extension/trainer/memoryTheory/countedLayerFactory";
import { Optimizer } from "../../../extension/trainer/training/optimizer";
import { stepOf } from "../../../extension/trainer/training/trainingStep";

const noValues = new Float32Array(0);

function configOf(network: object, others: object = {}): Config {
  return parseConfig(
    {
      network: { width: 8, depth: 3, discriminator: { width: 8, layers: 2 }, ...network },
      data: { loadSize: null, cropSize: 32 },
      ...others,
    },
    "the test's configuration",
  );
}

/** The work of a step in which every layer runs, none being replayed. */
function workWithoutReplay(config: Config): Work {
  const k = new CountingKernels("native", true);
  const { mode, network, training, data } = config;
  const model = buildModel(config, new LayerFactory(shapeAlone, network.norm));
  const optimizers = {
    generator: new Optimizer(k, model.generatorParameters, null),
    discriminators: new Optimizer(k, model.discriminatorParameters, null),
  };
  for (const { value } of [...model.generatorParameters, ...model.discriminatorParameters]) k.ledger.allocate(value);
  const side = data.cropSize as number;
  const picture = (channels: number) => ({
    shape: [training.batchSize, ...Array<number>(network.dimensions).fill(side), channels],
    data: noValues,
  });
  const pictures = { a: picture(network.inputChannels), b: picture(network.outputChannels) };
  const pool = (_: unknown, fake: Tensor): Tensor => fake;
  const parts = { model, plan: { mode, ...training }, optimizers, pool, check: () => undefined };
  const terms = stepOf(k, parts, pictures, { ...training, step: 1, epsilon: 0 });
  while (terms.next().done !== true);
  return k.ledger.work;
}

/** Operations by kind of kernel. */
function operationsOf(work: Work, kind: string): number {
  return work.cells.filter((cell) => cell.kind === kind).reduce((sum, { operations }) => sum + operations, 0);
}

describe("the operations of a kernel", () => {
  it.each([
    ["of pictures", [2, 9, 12, 4], [3, 3, 4, 5], [2, 5, 6, 5], 2 * (2 * 5 * 6) * (3 * 3 * 4 * 5)],
    ["of volumes", [1, 8, 9, 12, 4], [3, 3, 3, 4, 5], [1, 4, 5, 6, 5], 2 * (4 * 5 * 6) * (3 * 3 * 3 * 4 * 5)],
  ])(
    "are two for each product of a convolution %s and of its gradients",
    (_, xShape, filterShape, yShape, expected) => {
      const k = new CountingKernels("native", true);
      const geometry = { stride: 2, pad: 1 };
      const [x, filter] = [xShape, filterShape].map((shape) => k.tensor(noValues, shape)) as [Tensor, Tensor];
      const y = k.conv(x, filter, geometry);
      expect(y.shape).toEqual(yShape);
      k.convInputGradient(y, filter, xShape, geometry);
      k.convFilterGradient(x, y, filterShape, geometry);
      for (const kind of ["stridedConvolution", "stridedInputGradient", "stridedFilterGradient"])
        expect(operationsOf(k.ledger.work, kind)).toBe(expected);
    },
  );
});

describe("the operations of a step", () => {
  it("grow with depth by the convolutions of a block, as often as its passes run them", () => {
    const config = configOf({}, { mode: "paired" });
    const theory = new MemoryTheory(config, "native");
    // The core's halves have 2·8 channels at a quarter of the sides.
    const convolution = 2 * (3 * 3 * 16 * 16) * (8 * 8);
    const expected = {
      // A block is two functions of two convolutions, in two directions.
      recompute: { convolution: 2, inputGradient: 1, filterGradient: 1 },
      checkpoint: { convolution: 2, inputGradient: 1, filterGradient: 1 },
      store: { convolution: 1, inputGradient: 1, filterGradient: 1 },
    };
    for (const backprop of ["recompute", "checkpoint", "store"] as const) {
      const [fewer, more] = [9, 10].map((depth) => theory.workAt({ depth, backprop })) as [Work, Work];
      for (const [kind, passes] of Object.entries(expected[backprop]))
        expect(operationsOf(more, kind) - operationsOf(fewer, kind), `${backprop} ${kind}`).toBe(
          passes * 2 * 2 * 2 * convolution,
        );
    }
  });

  it.each([
    ["unpaired", configOf({}, { mode: "unpaired" })],
    ["paired, affine", configOf({ coupling: "affine" }, { mode: "paired" })],
    ["checkpointing", configOf({ backprop: "checkpoint", depth: 7 })],
    ["a CycleGAN", configOf({ kind: "cyclegan" })],
    ["a pix2pix", configOf({ kind: "pix2pix" })],
    [
      "volumes",
      configOf({ dimensions: 3, inputChannels: 1, outputChannels: 1 }, { mode: "paired", data: { cropSize: 16 } }),
    ],
  ])("are those of its layers, also where layers are replayed: %s", (_, config) => {
    const { depth, backprop } = config.network;
    const replayed = new MemoryTheory(config, "native").workAt({ depth, backprop });
    const key = (work: Work): string[] => work.cells.map((cell) => JSON.stringify(cell)).sort();
    expect(key(replayed)).toEqual(key(workWithoutReplay(config)));
    expect(replayed.cells.filter(({ kind }) => isConvolution(kind)).length).toBeGreaterThan(3);
  });

  it.each(["recompute", "checkpoint", "store"] as const)("are affine in the depth: %s", (backprop) => {
    const theory = new MemoryTheory(configOf({}), "native");
    const at = operationsByDepth(theory, backprop);
    for (const depth of [0, 1, 2, 5, 9, 17])
      expect(at(depth), `depth ${depth}`).toBe(theory.workAt({ depth, backprop }).operations);
  });
});
