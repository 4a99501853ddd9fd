import type { Affine } from "../../volumes/affine";
import type { IntensityWindow } from "../../volumes/volume";
import type { ImageSize } from "./picture";

/** What a file is, known after decoding all of it. */
export interface ImageInfo extends ImageSize {
  readonly format: string;
  /** Without alpha. */
  readonly channels: number;
  /** Of one number of the file. */
  readonly bits: number;
  readonly alpha: boolean;
  /** Of a volume: where its voxels lie. */
  readonly affine?: Affine;
  /** Of a volume: which of its values become −1 and 1. */
  readonly window?: IntensityWindow;
}
