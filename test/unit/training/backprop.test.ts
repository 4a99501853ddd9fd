import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { bits } from "../../support/arrays";
import { kernelsOf, logicEngines } from "../../support/engines";
import { extent } from "../../support/full";
import { configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

describe.each(logicEngines)("backpropagation on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  /** Every weight of both generators and discriminators after two steps, as bits. */
  async function trained(
    depth: number,
    backprop: string,
    { side, ...network }: { side: number; dimensions: 2 | 3; width: number },
    storedBlocks = 0,
  ): Promise<Map<string, string>> {
    const config = configFor({
      side,
      network: { ...network, depth, backprop, discriminator: { width: network.width } },
    });
    const trainer = trainerFor(k, config, { storedBlocks });
    await trainSteps(trainer, config, 1, 2);
    const { generatorParameters: generator, discriminatorParameters: discriminators } = trainer.model;
    const weights = new Map([...generator, ...discriminators].map(({ name, value }) => [name, bits(k.read(value))]));
    disposeTrainer(trainer);
    return weights;
  }

  type Plan = Parameters<typeof trained>[2];
  const small: Plan = { dimensions: 2, side: 32, width: 8 };
  const pictures: Plan = { dimensions: 2, side: 64, width: 16 };
  const volumes: Plan = { dimensions: 3, side: 12, width: 4 };
  const atLength = [9, 32, 64].map((depth) => ({ depth, plan: pictures }));
  it.each([{ depth: 5, plan: volumes }, ...extent([{ depth: 9, plan: small }], atLength)])(
    "trains to the same weights, bit for bit, recomputing, checkpointing, and storing all or some blocks, at $depth blocks of $plan",
    async ({ depth, plan }) => {
      const stored = await trained(depth, "store", plan);
      expect(await trained(depth, "recompute", plan)).toEqual(stored);
      expect(await trained(depth, "checkpoint", plan)).toEqual(stored);
      for (const storedBlocks of [1, depth - 2, depth])
        expect(await trained(depth, "recompute", plan, storedBlocks), `${storedBlocks} blocks stored`).toEqual(stored);
    },
  );
});
