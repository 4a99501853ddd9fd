import type { Config } from "../../configuration/config";
import { axesOf } from "../../configuration/sizes";

/** Elements of the first convolution's output, by which an engine chooses its threads; a picture of unknown size counts as large. */
export function widestActivation({ data, network, training }: Config): number {
  const crop = axesOf(data.cropSize ?? data.loadSize, network.dimensions) ?? [Infinity];
  return crop.reduce((product, side) => product * side, network.width * training.batchSize);
}
