import type { GridSize } from "./niftiHeader";

/** The filter's pole, √3 − 2, and its gain (Unser 1999, box 2). */
const pole = Math.sqrt(3) - 2;
const gain = 6;

/** Beyond this many voxels, the pole's power is below float32's precision. */
const horizon = 16;

/**
 * The coefficients of the cubic spline through values, which are overwritten by them: along each axis, a recursive filter there and
 * back, as if the values were mirrored at the ends.
 * @param values `[depth, height, width]`
 */
export function splineCoefficients(values: Float32Array, { depth, height, width }: GridSize): Float32Array {
  const area = height * width;
  filterAlong(values, width, 1, starts(depth * height, width));
  filterAlong(
    values,
    height,
    width,
    Array.from({ length: depth * width }, (_, i) => Math.floor(i / width) * area + (i % width)),
  );
  filterAlong(values, depth, area, starts(area, 1));
  return values;
}

function starts(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

function filterAlong(values: Float32Array, length: number, step: number, lines: readonly number[]): void {
  if (length < 2) return;
  const line = new Float64Array(length);
  for (const start of lines) {
    for (let i = 0; i < length; i++) line[i] = values[start + i * step]! * gain;
    filter(line);
    for (let i = 0; i < length; i++) values[start + i * step] = line[i]!;
  }
}

function filter(line: Float64Array): void {
  const last = line.length - 1;
  // The sum over all mirror images, until they count no more.
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
