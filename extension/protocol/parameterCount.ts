import type { Config } from "./configDefaults";
import { paperModel } from "./memoryNetwork";

/** Sides of a picture that every network takes: the count does not depend on them. */
const space = [256, 256];

/**
 * Parameters of a network's generators as PyTorch counts them, so that they can be put beside published figures: with the biases in
 * front of instance norms, which have no effect and which we do not keep. Null for networks for volumes.
 */
export function generatorParameters(config: Config): number | null {
  const { dimensions, norm } = config.network;
  if (dimensions === 3) return null;
  const { generator } = paperModel(config, space);
  // Its code leaves a bias in front of a batch norm out.
  return generator.reduce((sum, { bytes, bias = 0 }) => sum + bytes / 4 + (norm === "instance" ? bias : 0), 0);
}
