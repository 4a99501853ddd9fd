import type { Config } from "../../configuration/config";
import { startingWeights } from "../interop/startingWeights";
import { readWeights } from "../interop/weightsFiles";
import { outlineOf, type WeightSource } from "./network";

/**
 * What the network of a new training starts with: weights of `training.init`, else random ones from the seed.
 *
 * @returns with a line for each thing that the user may not expect
 * @throws RevganError as `readWeights` and `startingWeights`
 */
export async function initialWeights(
  config: Config,
): Promise<{ readonly weights: WeightSource; readonly notes: readonly string[] }> {
  const { init, initSkip, seed } = config.training;
  if (init === null) return { weights: { seed }, notes: [] };
  const { notes, ...given } = startingWeights(await readWeights(init), initSkip, outlineOf(config), config.network);
  return { weights: { ...given, seed }, notes };
}
