import { parseConfig, type Config } from "../../configuration/config";
import type { OpenEngine } from "../engines/openEngine";
import { measureSteps } from "../memoryMeasurement/measureStep";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { calibrate } from "./calibration";
import { type Rates, scaled, secondsOf } from "./rates";

/** Steps of a reference network: the first also allocates and plans. Of the others at least these, and more in this many seconds. */
const referenceSteps = { fewest: 2, most: 8, seconds: 0.8 };

/** Small networks whose steps are taken, to hold the sum of kernels against. */
const references: Readonly<Record<2 | 3, readonly object[]>> = {
  2: [
    { mode: "paired", network: { width: 16, depth: 2, discriminator: { width: 16 } }, data: { cropSize: 64 } },
    { mode: "paired", network: { width: 32, depth: 1, discriminator: { width: 32 } }, data: { cropSize: 64 } },
  ],
  3: [
    {
      mode: "paired",
      network: { dimensions: 3, width: 8, depth: 1, discriminator: { width: 8 } },
      data: { cropSize: 24 },
    },
  ],
};

/**
 * Measures how fast an engine computes, in some seconds. Kernels alone are faster than the same ones in a step, between which caches
 * are overwritten and results allocated; so the steps of small networks are measured, too, and all rates are scaled by what these take
 * longer.
 *
 * @param startSeconds what it took to start the engine
 */
export async function measureRates(engine: OpenEngine, dimensions: 2 | 3, startSeconds: number): Promise<Rates> {
  const k = engine.kernels;
  const idleBytes = process.memoryUsage.rss();
  const kernels = calibrate(k, { dimensions, onGpu: engine.name === "native-gpu", idleBytes, startSeconds });
  const ratios: number[] = [];
  for (const written of references[dimensions]) {
    const config: Config = parseConfig(written, "a reference network");
    const work = new MemoryTheory(config, engine.name).workAt(config.network);
    const [, ...times] = await measureSteps(k, config, ([, ...timed]) => {
      const spent = timed.reduce((sum, seconds) => sum + seconds, 0);
      return (
        timed.length < referenceSteps.fewest || (timed.length < referenceSteps.most && spent < referenceSteps.seconds)
      );
    });
    // As with the kernels, what other programs cost is left out.
    ratios.push(Math.min(...times) / secondsOf(work, kernels));
  }
  return scaled(kernels, ratios.reduce((product, ratio) => product * ratio, 1) ** (1 / ratios.length));
}
