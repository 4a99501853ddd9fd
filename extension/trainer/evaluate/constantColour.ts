import { toSamples, type Picture } from "../data/picture";
import type { Volume } from "../volumes/volume";

/** Number of levels of a value: that of 16-bit samples, whose levels include those of 8 bits. */
const levels = 65536;

/**
 * The mean absolute error of the best constant colour over some true pictures: any translation that has learned something beats it. Like
 * `mae`, it is the mean of the pictures' own means. For volumes it is in units of the files, and the constant lies on the scale of each
 * volume's intensity window.
 */
export class ConstantColour {
  /**
   * For each channel, by the level of the true value: the error that one level of difference from it adds, summed over all values at that
   * level.
   */
  private weights: readonly Float64Array[] = [];
  private pictures = 0;

  add(truth: Picture | Volume): void {
    const { data, channels } = truth;
    if (this.pictures === 0) this.weights = Array.from({ length: channels }, () => new Float64Array(levels));
    this.pictures++;
    const range = "bits" in truth ? 255 : truth.window.high - truth.window.low;
    const weight = range / (levels - 1) / data.length;
    const samples = toSamples(data, 16);
    for (let i = 0; i < samples.length; i++) this.weights[i % channels]![samples[i]!]! += weight;
  }

  /** The error; null without pictures. */
  get error(): number | null {
    if (this.pictures === 0) return null;
    return this.weights.reduce((sum, each) => sum + leastError(each), 0) / this.pictures;
  }
}

/** The error of the weighted median, which is the constant with the least error. */
function leastError(weights: Float64Array): number {
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let [median, below] = [0, weights[0]!];
  while (below < half) below += weights[++median]!;
  return weights.reduce((sum, weight, level) => sum + weight * Math.abs(level - median), 0);
}
