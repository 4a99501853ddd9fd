import type { Config } from "../configuration/defaults";
import { backpropsOf } from "../configuration/networkKind";
import type { Theory } from "../protocol/panel";
import type * as Bundle from "../trainer/memoryTheory/networkCosts";

/** Layers, models and objectives: a bundle of its own, loaded at first use to keep activation fast. */
const bundle = (): Promise<typeof Bundle> => import("../trainer/memoryTheory/networkCosts");

/** Number of parameters of a network's generators. */
export async function parametersOf(config: Config): Promise<number> {
  return (await bundle()).countGeneratorParameters(config);
}

/** Memory and operations of a training step at these depths, by theory, in each mode of the network. */
export async function theoryOf(config: Config, engine: string | undefined, depths: readonly number[]): Promise<Theory> {
  const { costsByDepth } = await bundle();
  try {
    const costs = costsByDepth(config, engine, backpropsOf(config.network), depths);
    let next = costs.next();
    // Thousands of blocks take seconds: yield to the event loop after each.
    for (; next.done !== true; next = costs.next()) await new Promise(setImmediate);
    return { points: next.value, problem: null };
  } catch (error) {
    return { points: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
