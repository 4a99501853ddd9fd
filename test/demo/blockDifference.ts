import type { Volume } from "../../extension/trainer/volumes/volume";

/** How a volume's translation in blocks differs from that of the whole. */
export interface BlockDifference {
  /** Mean absolute difference, as a share of the intensity window. */
  readonly mean: number;
  /** The largest mean change of the difference from one slice to the next, over the median of all: about 1 where no block's border shows. */
  readonly step: number;
}

/** Compares two translations of one volume. */
export function blockDifference(whole: Volume, inBlocks: Volume): BlockDifference {
  const difference = whole.data.map((value, i) => inBlocks.data[i]! - value);
  const { depth, height, width } = whole;
  const changes = [height * width, width, 1].flatMap((stride, axis) => changesAlong(difference, [depth, height, width][axis]!, stride));
  const sorted = [...changes].sort((a, b) => a - b);
  // The window is from −1 to 1.
  const mean = difference.reduce((sum, value) => sum + Math.abs(value), 0) / difference.length / 2;
  return { mean, step: sorted.at(-1)! / sorted[Math.floor(sorted.length / 2)]! };
}

/** Mean absolute change between neighbouring slices across an axis. */
function changesAlong(values: Float32Array, length: number, stride: number): number[] {
  const sums = new Float64Array(length - 1);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / stride) % length;
    if (at < length - 1) sums[at]! += Math.abs(values[i + stride]! - values[i]!);
  }
  return [...sums].map((sum) => (sum * length) / values.length);
}
