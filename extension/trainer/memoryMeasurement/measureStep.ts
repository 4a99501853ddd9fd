import type { Config } from "../../configuration/config";
import { axesOf } from "../../configuration/sizes";
import type { MemoryLine } from "../../protocol/lines";
import { seededRandom } from "../random";
import type { GpuMemory } from "../engines/gpuMeter";
import type { Kernels } from "../kernels/kernels";
import { elements, type HostTensor } from "../kernels/tensor";
import { storedBlocksOf } from "../memoryTheory/memoryBudget";
import { memorySharesOf } from "../memoryTheory/memoryShares";
import { disposeNetwork, openNetwork } from "../training/network";
import { StepRunner } from "../training/trainingStep";

/** The measured memory and time of a step. */
export type Measured = Pick<MemoryLine, "measured" | "residentBytes" | "gpuBytes" | "seconds">;

/**
 * Runs two training steps on random images of size `data.cropSize` and measures the second, since the first also allocates the engine's
 * constants. Disposes of all tensors.
 */
export async function measureStep(k: Kernels, config: Config, gpuMeter: GpuMemory | null = null): Promise<Measured> {
  const trainer = runnerOf(k, config);
  try {
    let started = 0;
    for (const step of [1, 2]) {
      const batch = { a: randomPictures(config, "a", step), b: randomPictures(config, "b", step) };
      started = performance.now();
      await trainer.step(step, 1, batch, yieldToEventLoop);
    }
    const seconds = (performance.now() - started) / 1000;
    const gpuBytes = (await gpuMeter?.read()) ?? null;
    return {
      measured: memorySharesOf(k.ledger.read()),
      residentBytes: process.memoryUsage.rss(),
      ...(gpuBytes !== null && { gpuBytes }),
      seconds,
    };
  } finally {
    trainer.dispose();
    disposeNetwork(trainer.model);
  }
}

function runnerOf(k: Kernels, config: Config): StepRunner {
  const choices = { storedBlocks: storedBlocksOf(config, k.engine) };
  const network = openNetwork(k, config, { seed: config.training.seed }, choices);
  return new StepRunner(k, network, { mode: config.mode, ...config.training });
}

/**
 * Runs training steps on random images of size `data.cropSize` and returns the seconds of each. Disposes of all tensors.
 * @param wantsMore called before each step with the seconds so far; false ends the measurement
 */
export async function measureSteps(
  k: Kernels,
  config: Config,
  wantsMore: (times: readonly number[]) => boolean,
): Promise<number[]> {
  const runner = runnerOf(k, config);
  const batch = { a: randomPictures(config, "a", 1), b: randomPictures(config, "b", 1) };
  const times: number[] = [];
  try {
    while (wantsMore(times)) {
      const started = performance.now();
      await runner.step(times.length + 1, 1, batch, yieldToEventLoop);
      times.push((performance.now() - started) / 1000);
    }
    return times;
  } finally {
    runner.dispose();
    disposeNetwork(runner.model);
  }
}

/** A batch of a domain with random values, uniform in [−1, 1). */
function randomPictures({ data, network, training }: Config, domain: "a" | "b", step: number): HostTensor {
  const shape = [
    training.batchSize,
    ...axesOf(data.cropSize, network.dimensions)!,
    domain === "a" ? network.inputChannels : network.outputChannels,
  ];
  const { uniform } = seededRandom(training.seed, `memory ${domain}`, step);
  return { shape, data: Float32Array.from({ length: elements(shape) }, () => 2 * uniform() - 1) };
}

/** Lets the event loop handle pending messages and signals, such as the signal that ends the process. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
