import { parseConfig, type Config } from "../../extension/configuration/config";
import { axesOf } from "../../extension/configuration/sizes";
import { seededRandom } from "../../extension/trainer/random";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { elements } from "../../extension/trainer/kernels/tensor";
import type { CoreChoices } from "../../extension/trainer/models/revgan";
import { disposeNetwork, openNetwork } from "../../extension/trainer/training/network";
import { type HostBatch, StepRunner } from "../../extension/trainer/training/trainingStep";

/** A configuration for square pictures or cubes with `side` as load and crop size; keys that are not given have their defaults. */
export function configFor({
  side,
  mode = "paired",
  network,
  training = {},
}: {
  side: number;
  mode?: Config["mode"];
  network: object;
  training?: object;
}): Config {
  return parseConfig({ mode, network, data: { loadSize: side, cropSize: side }, training }, "the test's configuration");
}

/** A trainer with a seeded network. */
export function trainerFor(k: Kernels, config: Config, choices: CoreChoices = {}): StepRunner {
  return new StepRunner(k, openNetwork(k, config, { seed: config.training.seed }, choices), {
    mode: config.mode,
    ...config.training,
  });
}

/** Frees a trainer and its network. */
export function disposeTrainer(trainer: StepRunner): void {
  trainer.dispose();
  disposeNetwork(trainer.model);
}

/** A seeded batch of one image or volume per domain: a wave, so that there is something to learn, with noise. */
export function batchFor(config: Config, step: number): HostBatch {
  const { dimensions, inputChannels, outputChannels } = config.network;
  const picture = (domain: string, channels: number): HostBatch["a"] => {
    const draw = seededRandom(1, domain, step);
    const phase = 6 * draw.uniform();
    const shape = [1, ...axesOf(config.data.cropSize, dimensions)!, channels];
    const data = Float32Array.from(
      { length: elements(shape) },
      (_, i) => 0.8 * Math.sin(phase + i / 17) + 0.2 * (2 * draw.uniform() - 1),
    );
    return { shape, data };
  };
  return { a: picture("a", inputChannels), b: picture("b", outputChannels) };
}

/** Trains the steps from `first` to `last`, both included, on seeded pictures. Returns the losses of the last step. */
export async function trainSteps(
  trainer: StepRunner,
  config: Config,
  first: number,
  last: number,
): Promise<Record<string, number>> {
  let losses: Record<string, number> = {};
  for (let step = first; step <= last; step++)
    losses = await trainer.step(step, 1, batchFor(config, step), async () => Promise.resolve());
  return losses;
}
