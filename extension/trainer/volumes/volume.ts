import type { IntensityWindow, IntensitySettings } from "./intensity";
import type { Triple } from "./affine";
import type { GridSize } from "./niftiHeader";

/** How values are found between voxels. */
export type Interpolation = "cubic" | "trilinear";

/** A volume as the networks take it and give it. */
export interface Volume extends GridSize {
  /** `[depth, height, width, channels]` in [−1, 1]. */
  readonly data: Float32Array;
  readonly channels: number;
  readonly window: IntensityWindow;
  /** Everything before the voxels in the file that it came from: where it lies, units, and whatever else its header says. */
  readonly before: Uint8Array;
  /** The grid, where it is not the file's own. */
  readonly regridded: Regridding | null;
}

/** Another grid over the same places. */
export interface Regridding {
  /** How many times as fine it is along x, y and z. */
  readonly factors: Triple;
  readonly interpolation: Interpolation;
}

/** A volume and the size of the grid that it was cut from. */
export interface DecodedVolume {
  readonly picture: Volume;
  readonly original: GridSize;
}

/** A volume's numbers as they are to be written: as the file that it came from stores them, or as float32. */
export type WrittenType = "input" | "float32";

/** The grid that a volume is brought to: its own, its partner's, one of a size, or one that is so many times as fine. */
export type GridRequest = null | { readonly like: string } | { readonly size: GridSize } | { readonly factors: Triple };

/** A crop of a size; its place is a fraction of the room there is, as in `Placement`. */
export interface BoxRequest extends GridSize {
  readonly front: number;
  readonly top: number;
  readonly left: number;
}

/** How a file becomes a volume: another grid, the crop or cut, the window of intensities, the mirror. */
export interface VolumeRequest {
  readonly file: string;
  readonly grid: GridRequest;
  readonly interpolation: Interpolation;
  readonly intensity: IntensitySettings;
  readonly crop: BoxRequest | null;
  /** Without a crop the volume keeps the part at its first voxel whose sides are multiples of this. */
  readonly multiple: number;
  /** Left and right of the body exchanged, last. */
  readonly flip: boolean;
  readonly channels: number;
}
