import type { Config } from "../configuration/defaults";
import { backpropsOf } from "../configuration/networkKind";
import type { Theory } from "../protocol/panel";
import type * as Bundle from "../trainer/memoryTheory/networkCosts";

/**
 * The memory theory needs layers, models and objectives. They are a bundle of their own, loaded at first use to keep the extension's
 * activation fast.
 */
const bundle = (): Promise<typeof Bundle> => import("../trainer/memoryTheory/networkCosts");

/** Number of parameters of a network's generators. */
export async function parametersOf(config: Config): Promise<number> {
  return (await bundle()).countGeneratorParameters(config);
}

/**
 * The predicted memory and the number of operations of a training step at these depths, for each value of `network.backprop` that the
 * network can have.
 */
export async function theoryOf(config: Config, engine: string | undefined, depths: readonly number[]): Promise<Theory> {
  const { costsByDepth } = await bundle();
  try {
    const costs = costsByDepth(config, engine, backpropsOf(config.network), depths);
    let next = costs.next();
    // Predicting networks of thousands of blocks takes seconds, so this yields to the event loop after each result.
    for (; next.done !== true; next = costs.next()) await new Promise(setImmediate);
    return { points: next.value, problem: null };
  } catch (error) {
    return { points: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
