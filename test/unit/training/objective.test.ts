import { beforeAll, describe, expect, it } from "vitest";
import { losses } from "../../../extension/protocol/lossCatalogue";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { batchFor, configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const network = { width: 4, depth: 1, discriminator: { width: 4, layers: 2 } };

describe.each(logicEngines)("the objectives on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  it("leave out the terms of weight 0", async () => {
    const terms = async (mode: "paired" | "unpaired", training: object, kind = "revgan"): Promise<string[]> => {
      const config = configFor({
        side: 32,
        mode,
        network: { ...network, kind },
        training: { poolSize: 0, ...training },
      });
      const trainer = trainerFor(k, config);
      const values = await trainSteps(trainer, config, 1, 1);
      disposeTrainer(trainer);
      return Object.keys(values).sort();
    };
    const unpaired = ["D_A", "D_B", "G_A", "G_B", "cycle_A", "cycle_B", "idt_A", "idt_B"];
    const paired = ["D_AB", "D_BA", "G_AB", "G_BA", "G_L1_A", "G_L1_B"];
    const pix2pix = ["D_fake", "D_real", "G_GAN", "G_L1"];
    expect(await terms("unpaired", {})).toEqual(unpaired);
    expect(await terms("unpaired", { lambdaIdentity: 0 })).toEqual(["D_A", "D_B", "G_A", "G_B", "cycle_A", "cycle_B"]);
    expect(await terms("unpaired", { lambdaCycle: 0 })).toEqual(["D_A", "D_B", "G_A", "G_B"]);
    expect(await terms("paired", {})).toEqual(paired);
    expect(await terms("paired", { lambdaL1: 0 })).toEqual(["D_AB", "D_BA", "G_AB", "G_BA"]);
    expect(await terms("paired", {}, "pix2pix")).toEqual(pix2pix);
    expect(await terms("paired", { lambdaL1: 0 }, "pix2pix")).toEqual(["D_fake", "D_real", "G_GAN"]);
    // The catalogue has these and no others.
    expect(Object.keys(losses).sort()).toEqual([...unpaired, ...paired, ...pix2pix].sort());
  });

  it("show an older fake of paired training with the input that it was made from", async () => {
    const config = configFor({ side: 32, network, training: { poolSize: 3 } });
    const trainer = trainerFor(k, config);
    await trainSteps(trainer, config, 1, 8);
    const inputs = Array.from({ length: 8 }, (_, i) => [...batchFor(config, i + 1).a.data].join());
    for (const { shape, data } of trainer.pools.B.images) {
      expect(shape).toEqual([1, 32, 32, 6]);
      expect(inputs).toContain([...data.filter((_, i) => i % 6 < 3)].join());
    }
    expect(trainer.pools.B.images).toHaveLength(3);
    disposeTrainer(trainer);
  });
});
