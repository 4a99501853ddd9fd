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
  async function trained(depth: number, backprop: string): Promise<Map<string, Uint32Array>> {
    const config = configFor({ side: 64, network: { width: 16, depth, backprop, discriminator: { width: 16 } } });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 2);
    const { generator, discriminators } = trainer.model;
    const weights = new Map([...generator, ...discriminators].map(({ name, value }) => [name, bits(k.read(value)).slice()]));
    disposeTrainer(trainer);
    return weights;
  }

  it.each([9, 32, 64])("trains to the same weights, bit for bit, recomputing, checkpointing and storing, at %i blocks", async (depth) => {
    const stored = await trained(depth, "store");
    expect(await trained(depth, "recompute")).toEqual(stored);
    expect(await trained(depth, "checkpoint")).toEqual(stored);
  });
});
