import type { NiftiHeader } from "./niftiHeader";
import type { Stored } from "./niftiType";

/** What is further from 0 is damage: sums of it would leave float32. */
const furthest = 2 ** 100;

/** A volume's values are read by where they stand in the file. */
export interface Voxels {
  /** The value, scaled. NaN where there is none, and for what no scan has: infinities, and numbers beyond `furthest`. */
  readonly at: (index: number) => number;
  readonly length: number;
  /** How far apart the file has two channels of a voxel, and two neighbours along x. */
  readonly channelStep: number;
  readonly voxelStep: number;
}

export function voxelsOf({ slope, intercept, type, size, channels }: NiftiHeader, stored: Stored): Voxels {
  const colours = type.numbers > 1;
  // 64-bit whole numbers become doubles once, as nibabel's do: a BigInt a voxel would take ages.
  const numbers =
    stored instanceof BigInt64Array || stored instanceof BigUint64Array ? Float64Array.from(stored, Number) : stored;
  return {
    at: (index) => {
      const value = numbers[index]! * slope + intercept;
      return Math.abs(value) <= furthest ? value : NaN;
    },
    length: stored.length,
    channelStep: colours ? 1 : size.depth * size.height * size.width,
    voxelStep: colours ? channels : 1,
  };
}
