import { parseConfig, type Config } from "../../configuration/config";
import type { OpenEngine } from "../engines/openEngine";
import { measureSteps } from "../memoryMeasurement/measureStep";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { calibrate } from "./calibration";
import { kernelSecondsOf, type RatePoint, type Rates } from "./rates";

/**
 * How many steps of a reference network are timed, after a first one that also allocates and plans: at least `fewest`, then more until they
 * have taken `seconds` together, at most `most`.
 */
const referenceSteps = { fewest: 2, most: 8, seconds: 0.8 };

/**
 * Small networks whose measured steps are compared with the sum of their kernels: from a quick look's size to one that still takes a second
 * for a step.
 */
const references: Readonly<Record<2 | 3, readonly object[]>> = {
  2: [
    { mode: "paired", network: { width: 8, depth: 2, discriminator: { width: 8 } }, data: { cropSize: 64 } },
    { mode: "paired", network: { width: 16, depth: 2, discriminator: { width: 16 } }, data: { cropSize: 64 } },
    { mode: "paired", network: { width: 32, depth: 1, discriminator: { width: 32 } }, data: { cropSize: 96 } },
  ],
  3: [24, 40].map((cropSize) => ({
    mode: "paired",
    network: { dimensions: 3, inputChannels: 1, outputChannels: 1, width: 8, depth: 1, discriminator: { width: 8 } },
    data: { cropSize },
  })),
};

/**
 * Measures how fast an engine computes, in some seconds: single kernels, and the steps of small networks, which take longer than the sum of
 * their kernels.
 *
 * @param config of the training whose time is to be estimated: the rates hold for its dimensions and its kind of convolution
 * @param startSeconds seconds that the engine took to start
 */
export async function measureRates(
  engine: OpenEngine,
  { network: { dimensions }, convolution }: Config,
  startSeconds: number,
): Promise<Rates> {
  const k = engine.kernels;
  const idleBytes = process.memoryUsage.rss();
  const kernels = calibrate(k, { dimensions, onGpu: engine.name === "native-gpu" || engine.name === "webgpu" });
  const inStep: RatePoint[] = [];
  for (const written of references[dimensions]) {
    const config: Config = parseConfig({ ...written, convolution }, "a reference network");
    const work = new MemoryTheory(config, engine.name).workAt(config.network);
    const [, ...times] = await measureSteps(k, config, ([, ...timed]) => {
      const spent = timed.reduce((sum, seconds) => sum + seconds, 0);
      return (
        timed.length < referenceSteps.fewest || (timed.length < referenceSteps.most && spent < referenceSteps.seconds)
      );
    });
    // The fastest step is taken, because slower ones include the cost of other programs.
    inStep.push([work.operations, Math.min(...times) / kernelSecondsOf(work, kernels)]);
  }
  return { ...kernels, inStep, idleBytes, startSeconds };
}
