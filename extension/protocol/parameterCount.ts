import type { Config } from "./configDefaults";
import { paperModel } from "./memoryNetwork";

/** Side of a picture or volume that every network takes: the count does not depend on it. */
const side = 256;

/**
 * Parameters of a network's generators as PyTorch counts them, so that they can be put beside published figures: with the biases in
 * front of instance norms, which have no effect and which we do not keep.
 */
export function generatorParameters(config: Config): number {
  const { dimensions, norm } = config.network;
  const { generator } = paperModel(
    config,
    Array.from({ length: dimensions }, () => side),
  );
  // Its code leaves a bias in front of a batch norm out.
  return generator.reduce((sum, { bytes, bias = 0 }) => sum + bytes / 4 + (norm === "instance" ? bias : 0), 0);
}
