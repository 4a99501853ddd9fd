import { applyTo } from "./affine";
import type { GridSize } from "./niftiHeader";
import type { Grid } from "./grids";
import type { Interpolation } from "./volume";

/** A box of voxels in a grid, by its size and first voxel. */
export interface Box extends GridSize {
  readonly front: number;
  readonly top: number;
  readonly left: number;
}

/** Writes the weights of a position's neighbours along one axis; returns the index of the first neighbour. */
type Taps = (at: number, weights: Float64Array) => number;

const linear: Taps = (at, weights) => {
  const first = Math.floor(at);
  weights[1] = at - first;
  weights[0] = 1 - weights[1];
  return first;
};

/** Weights of the cubic B-spline. */
const spline: Taps = (at, weights) => {
  const first = Math.floor(at);
  const t = at - first;
  const u = 1 - t;
  weights[0] = (u * u * u) / 6;
  weights[1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
  weights[2] = (4 - 6 * u * u + 3 * u * u * u) / 6;
  weights[3] = (t * t * t) / 6;
  return first - 1;
};

/**
 * Interpolates between the voxels of one channel: trilinear, or by the cubic spline through the voxels (Unser 1999). Beyond the edges
 * the edge values are repeated: scipy's `map_coordinates` with `mode="nearest"` and order 1 or 3.
 */
export class Interpolator {
  private readonly taps: Taps;
  private readonly reach: number;
  /** Number of times that the edge voxels are repeated before the spline is computed. */
  private readonly margin: number;
  private readonly size: GridSize;
  private readonly values: Float32Array;

  /** @param values `[depth, height, width]`, finite */
  constructor(values: Float32Array, size: GridSize, interpolation: Interpolation) {
    const cubic = interpolation === "cubic";
    [this.taps, this.reach, this.margin] = cubic ? [spline, 4, 12] : [linear, 2, 0];
    this.size = {
      depth: size.depth + 2 * this.margin,
      height: size.height + 2 * this.margin,
      width: size.width + 2 * this.margin,
    };
    this.values = cubic ? splineCoefficients(edgePadded(values, size, this.margin), this.size) : values;
  }

  /** Bytes of the stored values. */
  get bytes(): number {
    return this.values.byteLength;
  }

  /** Computes the values in a part of a grid, and writes them into every `channels`-th place of `to`, from index `channel` on. */
  sample({ map }: Grid, box: Box, to: Float32Array, channel: number, channels: number): void {
    const { depth, height, width } = this.size;
    const [across, down, deep] = [
      new Float64Array(this.reach),
      new Float64Array(this.reach),
      new Float64Array(this.reach),
    ];
    const limit = (i: number, length: number): number => (i < 0 ? 0 : i >= length ? length - 1 : i);
    const inside = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at + this.margin));
    let index = channel;
    for (let z = box.front; z < box.front + box.depth; z++) {
      for (let y = box.top; y < box.top + box.height; y++) {
        for (let x = box.left; x < box.left + box.width; x++, index += channels) {
          const [atX, atY, atZ] = applyTo(map, [x, y, z]);
          const firstX = this.taps(inside(atX, width), across);
          const firstY = this.taps(inside(atY, height), down);
          const firstZ = this.taps(inside(atZ, depth), deep);
          let sum = 0;
          for (let k = 0; k < this.reach; k++) {
            const plane = limit(firstZ + k, depth) * height;
            for (let j = 0; j < this.reach; j++) {
              const row = (plane + limit(firstY + j, height)) * width;
              const weight = deep[k]! * down[j]!;
              for (let i = 0; i < this.reach; i++)
                sum += weight * across[i]! * this.values[row + limit(firstX + i, width)]!;
            }
          }
          to[index] = sum;
        }
      }
    }
  }
}

/** The values with their edges repeated `margin` times. */
function edgePadded(values: Float32Array, { depth, height, width }: GridSize, margin: number): Float32Array {
  const [rows, columns] = [height + 2 * margin, width + 2 * margin];
  const result = new Float32Array((depth + 2 * margin) * rows * columns);
  const from = (i: number, length: number): number => Math.max(0, Math.min(length - 1, i - margin));
  for (let z = 0; z < depth + 2 * margin; z++) {
    for (let y = 0; y < rows; y++) {
      const source = (from(z, depth) * height + from(y, height)) * width;
      const target = (z * rows + y) * columns;
      for (let x = 0; x < columns; x++) result[target + x] = values[source + from(x, width)]!;
    }
  }
  return result;
}

/** The filter's pole, √3 − 2, and its gain (Unser 1999, box 2). */
const pole = Math.sqrt(3) - 2;
const gain = 6;

/** Number of terms of the filter's initial value: pole^16 is below float32's precision. */
const horizon = 16;

/**
 * Replaces values, in place, by the coefficients of the cubic spline through them: along each axis a causal and an anticausal recursive
 * filter, with the values mirrored at the ends.
 * @param values `[depth, height, width]`
 */
export function splineCoefficients(values: Float32Array, { depth, height, width }: GridSize): Float32Array {
  const area = height * width;
  filterAlong(values, width, 1, lineStarts(depth * height, width));
  filterAlong(
    values,
    height,
    width,
    Array.from({ length: depth * width }, (_, i) => Math.floor(i / width) * area + (i % width)),
  );
  filterAlong(values, depth, area, lineStarts(area, 1));
  return values;
}

function lineStarts(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

function filterAlong(values: Float32Array, length: number, step: number, lines: readonly number[]): void {
  if (length < 2) return;
  const line = new Float64Array(length);
  for (const start of lines) {
    for (let i = 0; i < length; i++) line[i] = values[start + i * step]! * gain;
    prefilterLine(line);
    for (let i = 0; i < length; i++) values[start + i * step] = line[i]!;
  }
}

function prefilterLine(line: Float64Array): void {
  const last = line.length - 1;
  // Initial value of the causal filter: the sum over all mirror images, truncated at `horizon`.
  let sum = line[0]!;
  for (let i = 1, power = pole; i <= horizon; i++, power *= pole) sum += power * line[mirrored(i, last)]!;
  line[0] = sum;
  for (let i = 1; i <= last; i++) line[i]! += pole * line[i - 1]!;
  line[last] = (pole / (pole * pole - 1)) * (line[last]! + pole * line[last - 1]!);
  for (let i = last - 1; i >= 0; i--) line[i] = pole * (line[i + 1]! - line[i]!);
}

function mirrored(i: number, last: number): number {
  const place = i % (2 * last);
  return place <= last ? place : 2 * last - place;
}
