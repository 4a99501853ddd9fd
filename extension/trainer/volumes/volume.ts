import type { Triple } from "./affine";
import type { GridSize } from "./niftiHeader";

/** Between which values of the file a volume's −1 and 1 lie. */
export interface IntensityWindow {
  readonly low: number;
  readonly high: number;
}

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
