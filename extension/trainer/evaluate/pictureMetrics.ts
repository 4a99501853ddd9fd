import { type Picture, toSamples, white } from "../data/picture";
import { structuralSimilarity } from "./structuralSimilarity";

/** How far two pictures of one size are apart. */
export interface PictureMetrics {
  /** Mean absolute difference, on the scale of 0 to 255. */
  readonly mae: number;
  /** Root of the mean squared difference, on the scale of 0 to 255. */
  readonly rmse: number;
  /** Peak signal-to-noise ratio in dB; null for equal pictures, whose ratio is infinite. */
  readonly psnr: number | null;
  /** Mean structural similarity, the channels averaged; null for pictures smaller than its window of 11 × 11. */
  readonly ssim: number | null;
}

/** Metrics of two pictures as they are written, on the scale of 0 to 255, over all pixels and channels. */
export function pictureMetrics(a: Picture, b: Picture): PictureMetrics {
  const [x, y] = [writtenAs255(a), writtenAs255(b)];
  const { absolute, squared } = meanDifferences(x, y);
  const ssim = structuralSimilarity(x, y, { sides: [a.height, a.width], channels: a.channels, range: 255 });
  return { mae: absolute, rmse: Math.sqrt(squared), psnr: psnrOf(squared, 255), ssim };
}

/** Mean absolute difference of two pictures as they are written, on the scale of 0 to 255. */
export function meanAbsoluteError(a: Picture, b: Picture): number {
  return meanDifferences(writtenAs255(a), writtenAs255(b)).absolute;
}

/** The peak signal-to-noise ratio of a mean squared difference, in dB; null for a difference of 0. */
export function psnrOf(squared: number, range: number): number | null {
  return squared === 0 ? null : 10 * Math.log10(range ** 2 / squared);
}

/** Values as a file holds them, `[height, width, channels]`, on the scale of 0 to 255. */
export function writtenAs255({ data, bits }: Picture): Float64Array {
  const scale = 255 / white(bits);
  // A loop, because `Float64Array.from` with a function uses an iterator, and took most of a validation's time on small networks.
  const samples = toSamples(data, bits);
  const values = new Float64Array(samples.length);
  for (let i = 0; i < values.length; i++) values[i] = samples[i]! * scale;
  return values;
}

/** Means of the absolute and of the squared differences. */
export function meanDifferences(x: Float64Array, y: Float64Array): { absolute: number; squared: number } {
  let [absolute, squared] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const difference = x[i]! - y[i]!;
    absolute += Math.abs(difference);
    squared += difference ** 2;
  }
  return { absolute: absolute / x.length, squared: squared / x.length };
}
