import type { IntensityWindow, IntensitySettings } from "./intensity";
import type { Triple } from "./affine";
import type { GridSize } from "./niftiHeader";

/** How values between voxels are interpolated. */
export type Interpolation = "cubic" | "trilinear";

/** A volume as networks take and return it. */
export interface Volume extends GridSize {
  /** `[depth, height, width, channels]` in [−1, 1]. */
  readonly data: Float32Array;
  readonly channels: number;
  readonly window: IntensityWindow;
  /** All bytes before the voxels in the volume's file: the header and its extensions. */
  readonly before: Uint8Array;
  /** How the grid was resampled; null where it is the file's own. */
  readonly regridded: Regridding | null;
}

/** How a volume was resampled to another grid. */
export interface Regridding {
  /** The upsampling factors along x, y and z. */
  readonly factors: Triple;
  readonly interpolation: Interpolation;
}

/** A volume and the size of the grid that it was cut from. */
export interface DecodedVolume {
  readonly picture: Volume;
  readonly original: GridSize;
}

/** The data type to write: that of the volume's original file, or float32. */
export type WrittenType = "input" | "float32";

/**
 * The grid to resample to: null for the file's own, else that of another file, one of the given size, or the own one upsampled by factors.
 */
export type GridRequest = null | { readonly like: string } | { readonly size: GridSize } | { readonly factors: Triple };

/** A crop of this size; see `cropStart` for its place, in [0, 1) along each axis. */
export interface BoxRequest extends GridSize {
  readonly front: number;
  readonly top: number;
  readonly left: number;
}

/** How a file becomes a volume: it is resampled, cropped, scaled to its intensity window, then flipped. */
export interface VolumeRequest {
  readonly file: string;
  readonly grid: GridRequest;
  readonly interpolation: Interpolation;
  readonly intensity: IntensitySettings;
  readonly crop: BoxRequest | null;
  /** Without a crop the sides are rounded down to multiples of this, from the first voxel on. */
  readonly multiple: number;
  /** Whether to mirror left and right of the body, as the last step. */
  readonly flip: boolean;
  readonly channels: number;
}
