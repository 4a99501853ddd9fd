import { white, type ImageSize, type Region } from "../picture";
import type { Raster } from "./readImage";

/** The source pixels that one result pixel is computed from, along one axis: `weights[i]` is the weight of source pixel `first + i`. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Catmull and Rom's cubic kernel: Keys 1981 with a = −1/2. */
function cubic(x: number): number {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  if (distance < 2) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
  return 0;
}

/**
 * Weights of a bicubic resize along one axis, as PIL's BICUBIC: the kernel is stretched when shrinking (antialiasing), and cut off
 * and normalised again at the borders. sharp's own resize differs at borders and when enlarging.
 */
function tapsAlong(from: number, to: number, start: number, length: number): Taps[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  return Array.from({ length }, (_, i) => {
    const centre = (start + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - 2 * stretch + 0.5));
    const last = Math.min(from, Math.trunc(centre + 2 * stretch + 0.5));
    const weights = Float64Array.from({ length: last - first }, (_, tap) =>
      cubic((first + tap - centre + 0.5) / stretch),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/**
 * One channel of a part of a raster, resized bicubically.
 * @param region the part of the raster that is resized
 * @param size its size after resizing
 * @param crop the part of the result that is computed
 * @returns `[crop.height, crop.width]`, in the file's units, not rounded
 */
export function resample(raster: Raster, channel: number, region: Region, size: ImageSize, crop: Region): Float32Array {
  const { data, width, stride } = raster;
  const highest = white(raster.bits);
  const columns = tapsAlong(region.width, size.width, crop.left, crop.width);
  const rows = tapsAlong(region.height, size.height, crop.top, crop.height);
  const firstRow = rows[0]?.first ?? 0;
  const rowsUsed = Math.max(0, ...rows.map((taps) => taps.first + taps.weights.length)) - firstRow;

  // Resizes across first, then down. Values are clamped to black and white after each pass, as PIL does, so that overshoots do not add up.
  const narrow = new Float32Array(rowsUsed * crop.width);
  for (let y = 0; y < rowsUsed; y++) {
    const row = (region.top + firstRow + y) * width + region.left;
    for (let x = 0; x < crop.width; x++) {
      const { first, weights } = columns[x]!;
      let from = (row + first) * stride + channel;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++, from += stride) sum += weights[tap]! * data[from]!;
      narrow[y * crop.width + x] = sum < 0 ? 0 : sum > highest ? highest : sum;
    }
  }
  const result = new Float32Array(crop.height * crop.width);
  for (let y = 0; y < crop.height; y++) {
    const { first, weights } = rows[y]!;
    for (let x = 0; x < crop.width; x++) {
      let from = (first - firstRow) * crop.width + x;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++, from += crop.width) sum += weights[tap]! * narrow[from]!;
      result[y * crop.width + x] = sum < 0 ? 0 : sum > highest ? highest : sum;
    }
  }
  return result;
}
