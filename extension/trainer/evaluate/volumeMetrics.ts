import { fromUnitRange } from "../volumes/intensity";
import type { Volume } from "../volumes/volume";
import { meanDifferences, psnrOf } from "./pictureMetrics";
import { structuralSimilarity } from "./structuralSimilarity";

/** The difference of a volume from the true one of the same size, in units of the file. */
export interface VolumeMetrics {
  /** Mean absolute difference. */
  readonly mae: number;
  /** Root of the mean squared difference. */
  readonly rmse: number;
  /** Root of the mean squared difference over the voxels where the truth is above 0; null where there are none. */
  readonly rmseInside: number | null;
  /** Peak signal-to-noise ratio in dB against the range of the truth's window; null for equal volumes. */
  readonly psnr: number | null;
  /** Mean structural similarity on the same range, the channels averaged; null for volumes smaller than its window of 11³. */
  readonly ssim: number | null;
}

/** Metrics in units of the file: the values in [−1, 1] of each volume are first converted by its own `window`. */
export function volumeMetrics(truth: Volume, found: Pick<Volume, "data" | "window">): VolumeMetrics {
  const values = ({ data, window }: Pick<Volume, "data" | "window">): Float64Array =>
    Float64Array.from(data, (value) => fromUnitRange(value, window));
  const { depth, height, width, channels, window } = truth;
  return metricsOfValues(values(truth), values(found), {
    sides: [depth, height, width],
    channels,
    range: window.high - window.low,
  });
}

/** Mean absolute difference of a volume's data and other values in [−1, 1], converted to units of the file by the volume's window. */
export function meanAbsoluteVolumeError({ data, window }: Volume, other: Float32Array): number {
  return (meanDifferences(Float64Array.from(data), Float64Array.from(other)).absolute * (window.high - window.low)) / 2;
}

/** As `volumeMetrics`, for values that are already in units of the file, `[depth, height, width, channels]`. */
export function metricsOfValues(
  truth: Float64Array,
  found: Float64Array,
  like: Parameters<typeof structuralSimilarity>[2],
): VolumeMetrics {
  const { absolute, squared } = meanDifferences(truth, found);
  const inside = meanDifferences(
    truth.filter((value) => value > 0),
    found.filter((_, i) => truth[i]! > 0),
  );
  return {
    mae: absolute,
    rmse: Math.sqrt(squared),
    rmseInside: Number.isNaN(inside.squared) ? null : Math.sqrt(inside.squared),
    psnr: psnrOf(squared, like.range),
    ssim: structuralSimilarity(truth, found, like),
  };
}
