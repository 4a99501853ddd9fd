import { sideMultiple, smallestTrainingSide } from "../../../configuration/sizes";
import type { Config } from "../../../configuration/config";
import { volumeSettings, type VolumeSettings } from "../../volumes/grids";
import { imageSize, type ImageSize } from "../picture";

/** The part of the configuration that decides how image files become batches. */
export interface ImageConfig {
  readonly mode: "unpaired" | "paired";
  readonly network: Parameters<typeof smallestTrainingSide>[0] & {
    readonly inputChannels: number;
    readonly outputChannels: number;
  };
  readonly data: Pick<
    Config["data"],
    "loadSize" | "cropSize" | "flip" | "shuffle" | "intensity" | "interpolation" | "upsampling"
  >;
  readonly training: { readonly seed: number; readonly batchSize: number };
}

/** The settings of {@link ImageConfig}, with sizes and defaults resolved. */
export interface ImageSettings {
  readonly paired: boolean;
  readonly shuffle: boolean;
  readonly flip: boolean;
  readonly batchSize: number;
  readonly seed: number;
  readonly loadSize: ImageSize | null;
  readonly cropSize: ImageSize | null;
  /** Without a crop, sides are rounded down to multiples of this. */
  readonly multiple: number;
  /** The smallest side that a training step takes. */
  readonly smallest: number;
  /** The numbers of channels of A's and of B's images. */
  readonly channels: { readonly a: number; readonly b: number };
  /** The settings of volumes; null for images. */
  readonly volumes: VolumeSettings | null;
}

export function imageSettings({ mode, network, data, training }: ImageConfig): ImageSettings {
  return {
    paired: mode === "paired",
    shuffle: data.shuffle,
    flip: data.flip,
    batchSize: training.batchSize,
    seed: training.seed,
    loadSize: imageSize(data.loadSize, network.dimensions),
    cropSize: imageSize(data.cropSize, network.dimensions),
    multiple: sideMultiple(network),
    smallest: smallestTrainingSide(network),
    channels: { a: network.inputChannels, b: network.outputChannels },
    volumes: network.dimensions === 3 ? volumeSettings(data) : null,
  };
}
