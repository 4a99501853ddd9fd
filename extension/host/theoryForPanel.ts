import type { Config } from "../configuration/defaults";
import type * as Bundle from "../trainer/memoryTheory/memoryTheory";
import { backpropsOf } from "../configuration/networkKind";
import type { Theory, TheoryPoint } from "../protocol/panel";

/** Layers, models and objectives: a bundle of its own, loaded at first use to keep activation fast. */
const bundle = (): Promise<typeof Bundle> => import("../trainer/memoryTheory/memoryTheory");

/** Number of parameters of a network's generators. */
export async function parametersOf(config: Config): Promise<number> {
  return (await bundle()).countGeneratorParameters(config);
}

/** Memory and operations of a training step at these depths, by theory, for each backprop mode of the network. */
export async function theoryOf(config: Config, engine: string | undefined, depths: readonly number[]): Promise<Theory> {
  const { memoryCurve, MemoryTheory, operationsByDepth } = await bundle();
  try {
    const theory = new MemoryTheory(config, engine);
    const points: TheoryPoint[] = depths.map((depth) => ({ depth, needs: {}, operations: {} }));
    for (const backprop of backpropsOf(config.network)) {
      const curve = memoryCurve(theory, backprop, depths);
      let next = curve.next();
      // Thousands of blocks take seconds: yield to the event loop after each.
      for (; next.done !== true; next = curve.next()) await new Promise(setImmediate);
      next.value.forEach((shares, i) => (points[i]!.needs[backprop] = shares));
      const operationsAtDepth = operationsByDepth(theory, backprop);
      for (const { depth, operations } of points) operations[backprop] = operationsAtDepth(depth);
    }
    return { points, problem: null };
  } catch (error) {
    return { points: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
