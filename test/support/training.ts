import { parseConfig, type Config } from "../../extension/protocol/config";
import { random } from "../../extension/trainer/data/random";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { disposeNetwork, openNetwork } from "../../extension/trainer/training/network";
import { type HostBatch, Trainer } from "../../extension/trainer/training/trainer";

/** A configuration for square pictures of one side; every other key has its default. */
export function configFor({ side, mode = "paired", network, training = {} }: { side: number; mode?: Config["mode"]; network: object; training?: object }): Config {
  return parseConfig({ mode, network, data: { loadSize: side, cropSize: side }, training }, "the test's configuration");
}

/** A trainer with a seeded network. */
export function trainerFor(k: Kernels, config: Config, exact = true): Trainer {
  return new Trainer(k, openNetwork(k, config, { seed: config.training.seed }, { exact }), { mode: config.mode, ...config.training });
}

/** Frees a trainer and its network. */
export function disposeTrainer(trainer: Trainer): void {
  trainer.dispose();
  disposeNetwork(trainer.model);
}

/** Seeded pictures with shapes in them: noise under a wave, so that there is something to learn. */
export function batchFor(config: Config, step: number): HostBatch {
  const side = config.data.cropSize as number;
  const picture = (domain: string): HostBatch["a"] => {
    const draw = random(1, domain, step);
    const phase = 6 * draw.uniform();
    const data = Float32Array.from({ length: side * side * 3 }, (_, i) => 0.8 * Math.sin(phase + i / 17) + 0.2 * (2 * draw.uniform() - 1));
    return { shape: [1, side, side, 3], data };
  };
  return { a: picture("a"), b: picture("b") };
}

/** Steps from `first` to `last` on seeded pictures. Returns the last losses. */
export async function trainSteps(trainer: Trainer, config: Config, first: number, last: number): Promise<Record<string, number>> {
  let losses: Record<string, number> = {};
  for (let step = first; step <= last; step++) losses = await trainer.step(step, 1, batchFor(config, step), async () => Promise.resolve());
  return losses;
}
