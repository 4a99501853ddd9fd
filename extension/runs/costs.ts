import type { Config } from "../protocol/configDefaults";
import type * as Costs from "../trainer/theory/costs";
import { backpropsOf } from "../protocol/networkKind";
import type { Theory, TheoryPoint } from "../protocol/panel";

/** Layers, models and objectives: a bundle of its own, loaded when something is asked of it. */
const costs = (): Promise<typeof Costs> => import("../trainer/theory/costs");

/** Parameters of a network's generators. */
export async function parametersOf(config: Config): Promise<number> {
  return (await costs()).generatorParameters(config);
}

/** What a step needs by theory at these depths, with every way of backpropagation that the network has. */
export async function theoryOf(config: Config, engine: string | undefined, depths: readonly number[]): Promise<Theory> {
  const { MemoryTheory } = await costs();
  try {
    const theory = new MemoryTheory(config, engine);
    const points: TheoryPoint[] = [];
    for (const depth of depths) {
      const needs = backpropsOf(config.network).map((backprop) => [backprop, theory.at({ depth, backprop })] as const);
      points.push({ depth, needs: Object.fromEntries(needs) });
      // A network of thousands of blocks takes seconds.
      await new Promise(setImmediate);
    }
    return { points, problem: null };
  } catch (error) {
    return { points: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
