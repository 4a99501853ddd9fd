import type { IntensitySettings, IntensityWindow } from "../../volumes/intensity";
import type { DecodedVolume, Volume, WrittenType, VolumeRequest } from "../../volumes/volume";
import type { DecoderLimits, Failure } from "./decoderFiles";
import type { ImageSize, Picture, Region } from "../picture";
import type { Source } from "../dataset/dataset";
import type { Affine } from "../../volumes/affine";

/** A crop of this size; see `cropStart` for its place. */
export interface CropRequest extends ImageSize {
  /** The vertical place, in [0, 1). */
  readonly top: number;
  /** The horizontal place, in [0, 1). */
  readonly left: number;
}

/** How a file becomes a picture: it is resized, then cropped, then flipped. */
export interface DecodeRequest extends Source {
  /** Bicubic resize to this size, whatever the aspect ratio; null: no resize. */
  readonly loadSize: ImageSize | null;
  readonly crop: CropRequest | null;
  /** Without a crop the sides are rounded down to multiples of this, keeping the upper left part. */
  readonly multiple: number;
  /** Whether the picture is mirrored from left to right, after the crop. */
  readonly flip: boolean;
  /** The number of channels, 1 or 3; null keeps the file's. */
  readonly channels: number | null;
  /** Whether the file's alpha channel is read into the picture. */
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
  | ({ readonly type: "inspect"; readonly file: string } & Inspection)
  /** Describes many files one after the other, with one message for all of them. */
  | ({ readonly type: "inspectAll"; readonly files: readonly string[] } & Inspection)
  | { readonly type: "encode"; readonly file: string; readonly picture: Picture; readonly overwrite: boolean }
  | ({ readonly type: "thumbnail"; readonly file: string } & ThumbnailRequest)
  | {
      readonly type: "encodeVolume";
      readonly file: string;
      readonly volume: Volume;
      readonly as: WrittenType;
      readonly description: string;
      readonly overwrite: boolean;
    };

/** The file that a task is about; the first one where there are many. */
export function fileOf(task: Task): string {
  if ("request" in task) return task.request.file;
  return "files" in task ? (task.files[0] ?? "") : task.file;
}

/** What `inspect` reads of a file. */
export interface Inspection {
  /** How a volume's intensities are scaled; null for images. */
  readonly intensity: IntensitySettings | null;
  /** Whether to read only the header of a volume; the result then has no `window`. */
  readonly headerOnly?: boolean;
}

/** A request for a small copy of a picture, or of a part of it, for a page. */
export interface ThumbnailRequest {
  /** The part to show; null for the whole picture. */
  readonly region: Region | null;
  /** The longest side in pixels; a smaller picture keeps its size. */
  readonly longest: number;
}

/** A picture as a WebP file of 8 bits, and its size. */
export interface Thumbnail extends ImageSize {
  readonly webp: Uint8Array;
}

/** The result of a task; null for tasks that write a file. */
export type Result = Thumbnail | Decoded | DecodedVolume | ImageInfo | readonly (ImageInfo | Failure)[] | null;

/** A message from the training process to the decoder. */
export interface TaskMessage {
  readonly id: number;
  readonly task: Task;
  readonly limits: DecoderLimits;
}

/** A message from the decoder to the training process: first `ready`, then one answer for each task. */
export type DecoderMessage =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly id: number; readonly result: Result }
  | { readonly type: "failed"; readonly id: number; readonly failure: Failure };

/** Properties of a file, found by decoding all of it or, for a volume, only its header. */
export interface ImageInfo extends ImageSize {
  readonly format: string;
  /** The number of colour channels, alpha not counted. */
  readonly channels: number;
  /** Bits of one value in the file. */
  readonly bits: number;
  readonly alpha: boolean;
  /** Of a volume: the matrix from voxel indices to millimetres. */
  readonly affine?: Affine;
  /** Of a volume: the values that are scaled to −1 and 1; absent where only the header was read. */
  readonly window?: IntensityWindow;
}
