import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { bits } from "../../support/arrays";
import { engineNames, kernelsOf } from "../../support/engines";
import { configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

describe.each(engineNames)("backpropagation on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });

  /** Every weight of both generators and discriminators after two steps, as bits. */
  async function trained(
    depth: number,
    backprop: string,
    { side, ...network }: { side: number; dimensions: 2 | 3; width: number },
  ): Promise<Map<string, Uint32Array>> {
    const config = configFor({
      side,
      network: { ...network, depth, backprop, discriminator: { width: network.width } },
    });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 2);
    const { generator, discriminators } = trainer.model;
    const weights = new Map(
      [...generator, ...discriminators].map(({ name, value }) => [name, bits(k.read(value)).slice()]),
    );
    disposeTrainer(trainer);
    return weights;
  }

  const pictures = { dimensions: 2, side: 64, width: 16 } as const;
  const volumes = { dimensions: 3, side: 12, width: 4 } as const;
  it.each([
    [9, pictures],
    [32, pictures],
    [64, pictures],
    [9, volumes],
  ])(
    "trains to the same weights, bit for bit, recomputing, checkpointing and storing, at %i blocks of %o",
    async (depth, plan) => {
      const stored = await trained(depth, "store", plan);
      expect(await trained(depth, "recompute", plan)).toEqual(stored);
      expect(await trained(depth, "checkpoint", plan)).toEqual(stored);
    },
  );
});
