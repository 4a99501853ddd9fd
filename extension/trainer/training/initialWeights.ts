import type { Config } from "../../configuration/config";
import { startingWeights } from "../interop/startingWeights";
import { readWeights } from "../interop/weightsFiles";
import { outlineOf, type WeightSource } from "./network";

/**
 * The initial weights of a new training: the weights in the folder `training.init`, if it is set, and random ones from the seed for all
 * others.
 *
 * @returns the weights, and notes for the user: a line for each thing that may be unexpected
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
