import type { Volume } from "../../extension/trainer/volumes/volume";
import { solve } from "./regression";

/** Voxels of high resolution along an axis in one of low resolution. */
const factor = 2;

/** Neighbours along each axis, the voxel itself in the middle, and the constant. */
const reach = 1;
const terms = (2 * reach + 1) ** 3 + 1;

/**
 * Least squares from the 3 × 3 × 3 voxels of low resolution around a voxel to each of the 8 of high resolution in it.
 * @returns the values of high resolution, in [−1, 1], of a volume of low resolution
 */
export function neighbourRegression(
  low: readonly Volume[],
  high: readonly Volume[],
): (given: Volume) => Float32Array<ArrayBuffer> {
  const parts = factor ** 3;
  const normal = Array.from({ length: terms }, () => new Float64Array(terms));
  const right = Array.from({ length: terms }, () => new Float64Array(parts));
  for (const [i, volume] of low.entries()) {
    forEachVoxel(volume, (x, places) => {
      for (let j = 0; j < terms; j++) {
        for (let k = 0; k < terms; k++) normal[j]![k]! += x[j]! * x[k]!;
        for (const [part, at] of places.entries()) right[j]![part]! += x[j]! * high[i]!.data[at]!;
      }
    });
  }
  const weights = solve(normal, right);
  return (given) => {
    const result = new Float32Array(given.data.length * parts);
    forEachVoxel(given, (x, places) => {
      for (const [part, at] of places.entries())
        result[at] = Math.max(
          -1,
          Math.min(
            1,
            x.reduce((sum, value, j) => sum + value * weights[j]![part]!, 0),
          ),
        );
    });
    return result;
  };
}

/** Calls `see` with each voxel's neighbours, beyond the edges the nearest voxels, and with the places of its parts in the high resolution. */
function forEachVoxel(
  { data, depth, height, width }: Volume,
  see: (x: Float64Array, places: readonly number[]) => void,
): void {
  const x = new Float64Array(terms).fill(1);
  const inside = (i: number, length: number): number => Math.max(0, Math.min(length - 1, i));
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const steps = Array.from({ length: factor }, (_, i) => i);
  for (let plane = 0; plane < depth; plane++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        let j = 0;
        for (const dz of offsets)
          for (const dy of offsets)
            for (const dx of offsets)
              x[j++] =
                data[
                  (inside(plane + dz, depth) * height + inside(row + dy, height)) * width + inside(column + dx, width)
                ]!;
        const at = (dz: number, dy: number, dx: number): number =>
          ((plane * factor + dz) * height * factor + row * factor + dy) * width * factor + column * factor + dx;
        see(
          x,
          steps.flatMap((dz) => steps.flatMap((dy) => steps.map((dx) => at(dz, dy, dx)))),
        );
      }
    }
  }
}
