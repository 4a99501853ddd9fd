import { beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../../extension/configuration/config";
import { toPyTorch } from "../../../extension/trainer/interop/pytorch";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { Divergence } from "../../../extension/trainer/training/divergence";
import { disposeNetwork, openNetwork } from "../../../extension/trainer/training/network";
import { StepRunner } from "../../../extension/trainer/training/trainingStep";
import { bits } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { batchFor, configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const network = { width: 4, depth: 1, discriminator: { width: 4, layers: 2 } };
const kinds = [
  ["revgan", "unpaired", "G_A_dec.model.0.weight"],
  ["revgan", "paired", "G_A_dec.model.0.weight"],
  ["cyclegan", "unpaired", "G_A.model.1.weight"],
  ["pix2pix", "paired", "G.model.1.weight"],
] as const;

describe.each(logicEngines)("a loss that is not finite on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  const weights = ({ model }: StepRunner): Map<string, string> =>
    new Map(
      [...model.generatorParameters, ...model.discriminatorParameters].map(({ name, value }) => [
        name,
        bits(k.read(value)),
      ]),
    );

  /** A trainer whose network is seeded but for one parameter, all of whose weights have one value. */
  function poisoned(config: Config, name: string, poisonous: number): StepRunner {
    const seeded = openNetwork(k, config, { seed: 0 });
    const tensors = toPyTorch(k, [...seeded.generatorParameters, ...seeded.discriminatorParameters]);
    disposeNetwork(seeded);
    tensors.get(name)!.data.fill(poisonous);
    return new StepRunner(k, openNetwork(k, config, { tensors, file: "poisoned" }), {
      mode: config.mode,
      ...config.training,
    });
  }

  it.each(kinds)(
    "changes no weight of a %s (%s), and names the weights that are to blame",
    async (kind, mode, name) => {
      const config = configFor({ side: 32, mode, network: { ...network, kind } });
      const trainer = poisoned(config, name, NaN);
      const before = weights(trainer);
      const failure = await trainSteps(trainer, config, 1, 1).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Divergence);
      expect(failure).toMatchObject({ value: NaN, origin: `the weights ${name}` });
      expect(weights(trainer)).toEqual(before);
      disposeTrainer(trainer);
    },
  );

  it("names the layer whose output is the first to overflow", async () => {
    const config = configFor({ side: 32, mode: "unpaired", network });
    const trainer = poisoned(config, "D_B.model.2.weight", 3e38);
    await expect(trainSteps(trainer, config, 1, 1)).rejects.toMatchObject({
      loss: "G_B",
      origin: "the output of D_B.model.2",
    });
    disposeTrainer(trainer);
  });

  it("names the picture that was not finite when it came", async () => {
    const config = configFor({ side: 32, network });
    const trainer = trainerFor(k, config);
    const { a, b } = batchFor(config, 1);
    b.data[7] = Infinity;
    await expect(trainer.step(1, 1, { a, b }, async () => Promise.resolve())).rejects.toMatchObject({
      origin: "the picture of B",
    });
    disposeTrainer(trainer);
  });
});
