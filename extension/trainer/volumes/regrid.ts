import type { Affine, Triple } from "./affine";
import type { GridSize } from "./niftiHeader";

/** A grid of voxels, and which voxel of another grid each is: `map` takes its indices (x, y, z) there. */
export interface Grid {
  readonly size: GridSize;
  readonly map: Affine;
}

/** The grid that covers the same room with voxels `factors` times as fine, around the same middle. */
export function finer(size: GridSize, factors: Triple): Grid {
  const along = (length: number, factor: number): { length: number; start: number } => {
    const more = Math.max(1, Math.round(length * factor));
    return { length: more, start: (length - 1 - (more - 1) / factor) / 2 };
  };
  const [x, y, z] = [along(size.width, factors[0]), along(size.height, factors[1]), along(size.depth, factors[2])];
  return {
    size: { depth: z.length, height: y.length, width: x.length },
    map: [1 / factors[0], 0, 0, x.start, 0, 1 / factors[1], 0, y.start, 0, 0, 1 / factors[2], z.start],
  };
}

/** How many times as fine a grid of the wanted size is. */
export function factorsTo(size: GridSize, wanted: GridSize): Triple {
  return [wanted.width / size.width, wanted.height / size.height, wanted.depth / size.depth];
}

/** How many times as fine a grid is along the other's x, y and z. */
export function factorsOf(map: Affine): Triple {
  const along = (row: number): number => 1 / Math.hypot(map[4 * row]!, map[4 * row + 1]!, map[4 * row + 2]!);
  return [along(0), along(1), along(2)];
}
