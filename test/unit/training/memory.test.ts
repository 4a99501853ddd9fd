import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import type { MemoryReading } from "../../../extension/trainer/kernels/ledger";
import { bytesOf } from "../../../extension/trainer/kernels/tensor";
import type { StepRunner } from "../../../extension/trainer/training/trainingStep";
import { expectNoLeaks, kernelsOf, networkEngines } from "../../support/engines";
import { configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";
import { extent } from "../../support/full";

/** Bytes of the parameters that have an effect. */
function parameterBytes({ model }: StepRunner): number {
  return [...model.generatorParameters, ...model.discriminatorParameters].reduce(
    (sum, { value }) => sum + bytesOf(value.shape),
    0,
  );
}

function activations({ peak, peakByPart }: MemoryReading): number {
  return peak - peakByPart.weights - peakByPart.moments - peakByPart.gradients;
}

describe.each(networkEngines)("the memory of a step on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** The reading of the second step at a depth. */
  async function measured(
    mode: "paired" | "unpaired",
    depth: number,
    backprop: string,
    { side, ...other }: { side: number; dimensions?: 3 } = { side: 64 },
  ): Promise<{ reading: MemoryReading; parameters: number }> {
    const network = { width: 8, depth, backprop, discriminator: { width: 8 }, ...other };
    const config = configFor({ side, mode, network, training: { poolSize: 0 } });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 2);
    const result = { reading: k.ledger.read(), parameters: parameterBytes(trainer) };
    disposeTrainer(trainer);
    return result;
  }

  describe.each(["paired", "unpaired"] as const)("%s", (mode) => {
    it("does not grow with depth, to the byte, recomputing", async () => {
      const depths = extent([4, 16], [4, 8, 16, 32]);
      const all = [];
      for (const depth of depths) all.push({ depth, ...(await measured(mode, depth, "recompute")) });
      console.table(
        all.map(({ depth, reading, parameters }) => ({
          depth,
          parameters,
          ...reading.peakByPart,
          activations: activations(reading),
          largest: reading.largestActivations,
          peak: reading.peak,
        })),
      );
      for (const { reading, parameters } of all) {
        expect(activations(reading)).toBe(activations(all[0]!.reading));
        expect(reading.largestActivations).toBe(all[0]!.reading.largestActivations);
        expect(reading.peakByPart.weights).toBe(parameters);
        expect(reading.peakByPart.moments).toBe(2 * parameters);
        expect(reading.peakByPart.gradients).toBeLessThanOrEqual(parameters);
        expect(Object.values(reading.peakByPart).reduce((sum, bytes) => sum + bytes, 0)).toBe(reading.peak);
      }
    });

    it("of volumes does not grow with depth, to the byte, recomputing, and does storing", async () => {
      const of = async (depth: number, backprop: string): Promise<number> =>
        activations((await measured(mode, depth, backprop, { side: 16, dimensions: 3 })).reading);
      const shallow = await of(1, "recompute");
      for (const depth of [2, 4, 8]) expect(await of(depth, "recompute")).toBe(shallow);
      expect(await of(8, "store")).toBeGreaterThan(shallow);
    });

    it("grows with depth storing, and less checkpointing, so that the test above can fail", async () => {
      const growth = async (backprop: string): Promise<number> =>
        activations((await measured(mode, 16, backprop)).reading) -
        activations((await measured(mode, 4, backprop)).reading);
      const stored = await growth("store");
      const checkpointed = await growth("checkpoint");
      expect(stored).toBeGreaterThan(4 * checkpointed);
      expect(checkpointed).toBeGreaterThan(0);
    });
  });

  it("leaves as many tensors after step 20 as after step 2; the image pool is host memory", async () => {
    const config = configFor({
      side: 32,
      mode: "unpaired",
      network: { width: 4, depth: 2, discriminator: { width: 4, layers: 2 } },
      training: { poolSize: 5 },
    });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 2);
    const early = { count: k.ledger.count, live: k.ledger.read().live };
    await trainSteps(trainer, config, 3, 20);
    expect({ count: k.ledger.count, live: k.ledger.read().live }).toEqual(early);
    expect(trainer.pools.A.images).toHaveLength(5);
    disposeTrainer(trainer);
  });
});
