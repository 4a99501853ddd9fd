import type { Config } from "../../protocol/config";
import { imageSize } from "../data/picture";

/** Elements of the first convolution's output, by which an engine chooses its threads; a picture of unknown size counts as large. */
export function widestActivation({ data, network, training }: Config): number {
  const crop = imageSize(data.cropSize ?? data.loadSize);
  return crop === null ? Infinity : crop.height * crop.width * network.width * training.batchSize;
}
