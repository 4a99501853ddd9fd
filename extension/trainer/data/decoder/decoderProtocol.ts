import type { IntensitySettings } from "../../volumes/intensity";
import type { DecodedVolume, Volume, WrittenType } from "../../volumes/volume";
import type { VolumeRequest } from "../../volumes/volumeRequest";
import type { DecoderLimits } from "./decoderLimits";
import type { Failure } from "./fileFault";
import type { ImageInfo } from "./imageInfo";
import type { ImageSize, Picture } from "./picture";
import type { Source } from "../dataset/source";

/** A crop of a size; its place is a fraction of the room there is, as in `Placement`. */
export interface CropRequest extends ImageSize {
  /** In [0, 1): the first row is floor(top · (height of the image − height of the crop + 1)). */
  readonly top: number;
  /** In [0, 1), likewise. */
  readonly left: number;
}

/** How an image becomes a picture: resize, then crop or cut, then flip. */
export interface DecodeRequest extends Source {
  /** Bicubic resize to this size whatever the aspect; null or the image's own size: no resize. */
  readonly loadSize: ImageSize | null;
  readonly crop: CropRequest | null;
  /** Without a crop the picture keeps its upper left part whose sides are multiples of this. */
  readonly multiple: number;
  /** Left and right exchanged, last. */
  readonly flip: boolean;
  /** 1 or 3; null leaves the file's own. */
  readonly channels: number | null;
  /** Whether the file's alpha is wanted. */
  readonly alpha: boolean;
}

/** A picture and the size of the image (or half) that it came from. */
export interface Decoded {
  readonly picture: Picture;
  readonly original: ImageSize;
}

export type Task =
  | { readonly type: "decode"; readonly request: DecodeRequest }
  | { readonly type: "decodeVolume"; readonly request: VolumeRequest }
  /** Volumes have intensities, images null. */
  | { readonly type: "inspect"; readonly file: string; readonly intensity: IntensitySettings | null }
  | { readonly type: "encode"; readonly file: string; readonly picture: Picture; readonly overwrite: boolean }
  | {
      readonly type: "encodeVolume";
      readonly file: string;
      readonly volume: Volume;
      readonly as: WrittenType;
      readonly description: string;
      readonly overwrite: boolean;
    };

/** What a task gives; writing gives null. */
export type Result = Decoded | DecodedVolume | ImageInfo | null;

/** Training process to decoder. */
export interface TaskMessage {
  readonly id: number;
  readonly task: Task;
  readonly limits: DecoderLimits;
}

/** Decoder to training process: once `ready`, then one answer a task. */
export type DecoderMessage =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly id: number; readonly result: Result }
  | { readonly type: "failed"; readonly id: number; readonly failure: Failure };
