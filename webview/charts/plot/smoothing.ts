import type { Numbers } from "./decimate";

/**
 * Exponential smoothing as TensorBoard's: an average whose weights fall by `weight` a step, divided by the sum of the weights so
 * far, so that the beginning is not drawn to zero. What is not finite stays as it is and counts for nothing.
 */
export class Smoothing {
  private data = new Float32Array(64);
  private average = 0;
  /** What is still missing of the weights' sum: weight to the power of the number of values. */
  private missing = 1;
  private count = 0;

  constructor(readonly weight: number) {}

  /** The smoothed numbers so far: a view that the next {@link extend} may leave behind. */
  get values(): Float32Array {
    return this.data.subarray(0, this.count);
  }

  /** Smooths the numbers that have come since the last call. @param raw the whole curve, of which the beginning is unchanged */
  extend(raw: Numbers): void {
    if (raw.length > this.data.length) {
      const data = new Float32Array(Math.ceil(raw.length * 1.25));
      data.set(this.data);
      this.data = data;
    }
    // Numbers in locals: those in fields would be boxed anew at each of 100,000 steps.
    const { data, weight } = this;
    let { average, missing } = this;
    for (let index = this.count; index < raw.length; index++) {
      const value = raw[index]!;
      if (!Number.isFinite(value)) {
        data[index] = value;
        continue;
      }
      average = average * weight + (1 - weight) * value;
      // Gone to nothing it would linger among the numbers too small for the processor to multiply fast.
      missing = missing < 1e-20 ? 0 : missing * weight;
      data[index] = average / (1 - missing);
    }
    this.average = average;
    this.missing = missing;
    this.count = raw.length;
  }
}
