import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { dispose } from "../../../extension/trainer/kernels/tensor";
import { LayerFactory } from "../../../extension/trainer/models/layerFactory";
import { encoder } from "../../../extension/trainer/models/buildingBlocks";
import type { CreateParameter } from "../../../extension/trainer/nn/parameter";
import { bits } from "../../support/arrays";
import { kernelsOf } from "../../support/engines";
import { extent } from "../../support/full";
import { coreCouplings, coreOf } from "../../support/networks";
import { batchFor, configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

describe("a trained core", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("native");
  });
  afterAll(() => expect(k.ledger.count).toBe(0));

  it.each(
    extent(
      [{ depth: 9, steps: 40 }],
      [9, 32, 64].map((depth) => ({ depth, steps: 500 })),
    ),
  )(
    "gives back what went in, bit for bit, after $steps steps at $depth blocks",
    { timeout: 600_000 },
    async ({ depth, steps }) => {
      const config = configFor({ side: 32, network: { width: 4, depth, discriminator: { width: 4, layers: 2 } } });
      const trainer = trainerFor(k, config);
      await trainSteps(trainer, config, 1, steps);

      // The trained parts again, on their own.
      const byName = new Map(trainer.model.generatorParameters.map((parameter) => [parameter.name, parameter]));
      const trained: CreateParameter = ({ name }) => byName.get(name)!;
      const couplings = coreCouplings(trained, { depth, channels: 16 });
      const { a } = batchFor(config, steps + 1);
      const picture = k.tensor(a.data, a.shape);
      const encoderA = encoder("G_A_enc.model", 3, config.network, new LayerFactory(trained));
      const { y: features } = encoderA.forward(k, picture, "none");

      const there = coreOf(couplings, "forward");
      const again = coreOf(couplings, "inverse");
      const first = there.forward(k, features, "none");
      const { grid } = first.saved;
      // The core rounds what enters it; from then on nothing is lost.
      const entered = again.run(k, first.y, "none", grid);
      const second = there.run(k, entered.y, "none", grid);
      const back = again.run(k, second.y, "none", grid);
      expect(bits(k.read(back.y))).toEqual(bits(k.read(entered.y)));
      expect(
        Math.max(...k.read(entered.y).map((value, i) => Math.abs(value - k.read(features)[i]!))),
      ).toBeLessThanOrEqual(2 ** -(grid! + 1));
      console.info(`${depth} blocks: grid 2^-${grid}`);
      dispose(picture, features, first.y, entered.y, second.y, back.y);
      disposeTrainer(trainer);
    },
  );
});
