/** Agreement of label maps, each from 0 to 1. */
export interface LabelMetrics {
  /** Fraction of the pixels whose class is right. */
  readonly pixelAccuracy: number;
  /** Fraction of a class's true pixels that are found right, as the mean over the classes that occur in the truth. */
  readonly classAccuracy: number;
  /** Mean IoU: per class, correct pixels divided by the pixels of the class in either map; averaged over the classes that occur. */
  readonly classIoU: number;
}

/**
 * A confusion matrix: counts of pixels by their true and their found class. The metrics are those of fully convolutional networks (Long,
 * Shelhamer and Darrell 2015), which the pix2pix paper reports for label maps; a class that occurs nowhere is left out of the means.
 */
export class Confusion {
  private readonly counts: Float64Array;

  constructor(private readonly classes: number) {
    this.counts = new Float64Array(classes * classes);
  }

  /** Adds the true and the found classes of the same pixels, in the same order. */
  add(truth: Uint16Array, found: Uint16Array): void {
    for (let pixel = 0; pixel < truth.length; pixel++) this.counts[truth[pixel]! * this.classes + found[pixel]!]! += 1;
  }

  /** The metrics over all pixels added; null before the first pixel. */
  metrics(): LabelMetrics | null {
    const all = upTo(this.classes);
    const right = all.map((i) => this.count(i, i));
    const inTruth = all.map((i) => sum(all.map((j) => this.count(i, j))));
    const inFound = all.map((j) => sum(all.map((i) => this.count(i, j))));
    const total = sum(inTruth);
    if (total === 0) return null;
    return {
      pixelAccuracy: sum(right) / total,
      classAccuracy: meanOfShares(right, inTruth),
      classIoU: meanOfShares(
        right,
        all.map((i) => inTruth[i]! + inFound[i]! - right[i]!),
      ),
    };
  }

  private count(truth: number, found: number): number {
    return this.counts[truth * this.classes + found]!;
  }
}

/** Mean of the fractions part / whole, over the wholes that are not 0. */
function meanOfShares(parts: readonly number[], wholes: readonly number[]): number {
  const shares = parts.map((part, i) => part / wholes[i]!).filter((_, i) => wholes[i]! > 0);
  return sum(shares) / shares.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
