import { beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../../extension/configuration/config";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import type { StepRunner } from "../../../extension/trainer/training/trainingStep";
import { bits } from "../../support/arrays";
import { expectNoLeaks, kernelsOf, logicEngines } from "../../support/engines";
import { batchFor, configFor, disposeTrainer, trainerFor, trainSteps } from "../../support/training";

describe.each(logicEngines)("a dropped step on %s", (engine) => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf(engine);
  });
  expectNoLeaks(() => k);

  /** Begins a step and drops it at its n-th breath; returns whether it could be dropped there. */
  async function drop(trainer: StepRunner, config: Config, step: number, breath: number): Promise<boolean> {
    let breaths = 0;
    let droppableThere = false;
    const taken = trainer.step(step, 1, batchFor(config, step), async ({ droppable }) => {
      breaths++;
      if (breaths === breath) droppableThere = droppable;
      if (breaths === breath && droppable) throw new Error("dropped");
      return Promise.resolve();
    });
    await taken.catch((error: unknown) => expect(error).toEqual(new Error("dropped")));
    return droppableThere;
  }

  const state = ({ model, optimizers }: StepRunner): Map<string, string> =>
    new Map([
      ...[...model.generatorParameters, ...model.discriminatorParameters].map(
        ({ name, value }) => [name, bits(k.read(value))] as const,
      ),
      ...model.statistics.flatMap(({ name, mean, variance }) => [
        [`${name}.mean`, bits(mean)] as const,
        [`${name}.variance`, bits(variance)] as const,
      ]),
      ...[...optimizers.generator.moments].map(([name, { m }]) => [`${name}.m`, bits(k.read(m))] as const),
    ]);

  it.each([
    ["revgan", "unpaired", {}],
    ["revgan", "paired", {}],
    ["cyclegan", "unpaired", {}],
    ["pix2pix", "paired", { norm: "batch", dropout: true }],
  ] as const)("leaves the training of a %s (%s) as if it had not begun, bit for bit", async (kind, mode, more) => {
    const config = configFor({
      side: 64,
      mode,
      network: { ...more, kind, width: 8, depth: 2, discriminator: { width: 8 } },
    });
    const [dropping, whole] = [trainerFor(k, config), trainerFor(k, config)];
    await trainSteps(dropping, config, 1, 1);
    const live = k.ledger.read().live;
    expect(await drop(dropping, config, 2, 1)).toBe(true);
    expect(await drop(dropping, config, 2, 2)).toBe(true);
    expect(k.ledger.read().live).toBe(live);
    await trainSteps(dropping, config, 2, 3);
    await trainSteps(whole, config, 1, 3);
    expect(state(dropping)).toEqual(state(whole));
    disposeTrainer(dropping);
    disposeTrainer(whole);
  });

  it("cannot be dropped once the first weights have moved", async () => {
    const config = configFor({
      side: 64,
      mode: "paired",
      network: { width: 8, depth: 2, discriminator: { width: 8 } },
    });
    const trainer = trainerFor(k, config);
    expect(await drop(trainer, config, 1, 3)).toBe(false);
    disposeTrainer(trainer);
  });
});
