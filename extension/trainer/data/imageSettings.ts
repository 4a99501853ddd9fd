import { sideMultiple, smallestTrainingSide } from "../../protocol/configSizes";
import { imageSize, type ImageSize } from "./picture";

type WrittenSize = number | readonly number[] | null;

/** The part of the configuration that decides how image files become batches. */
export interface ImageConfig {
  readonly mode: "unpaired" | "paired";
  readonly network: Parameters<typeof smallestTrainingSide>[0] & { readonly inputChannels: number; readonly outputChannels: number };
  readonly data: { readonly loadSize: WrittenSize; readonly cropSize: WrittenSize; readonly flip: boolean; readonly shuffle: boolean };
  readonly training: { readonly seed: number; readonly batchSize: number };
}

/** The same, ready for use. */
export interface ImageSettings {
  readonly paired: boolean;
  readonly shuffle: boolean;
  readonly flip: boolean;
  readonly batchSize: number;
  readonly seed: number;
  readonly loadSize: ImageSize | null;
  readonly cropSize: ImageSize | null;
  /** Without a crop, sides are cut to multiples of this. */
  readonly multiple: number;
  /** The smallest side that a training step takes. */
  readonly smallest: number;
  /** Of A and of B. */
  readonly channels: { readonly a: number; readonly b: number };
}

export function imageSettings({ mode, network, data, training }: ImageConfig): ImageSettings {
  return {
    paired: mode === "paired",
    shuffle: data.shuffle,
    flip: data.flip,
    batchSize: training.batchSize,
    seed: training.seed,
    loadSize: imageSize(data.loadSize),
    cropSize: imageSize(data.cropSize),
    multiple: sideMultiple(network),
    smallest: smallestTrainingSide(network),
    channels: { a: network.inputChannels, b: network.outputChannels },
  };
}
