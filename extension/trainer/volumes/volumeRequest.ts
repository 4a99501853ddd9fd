import type { IntensitySettings } from "./intensity";
import type { Triple } from "./affine";
import type { GridSize } from "./niftiHeader";
import type { Interpolation } from "./volume";

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
