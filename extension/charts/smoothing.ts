import type { Numbers } from "./search";

/**
 * TensorBoard's exponential smoothing with debiasing: the moving average is divided by the sum of its weights, without which the first
 * values would be close to zero. Values that are not finite are copied and ignored.
 */
export class Smoothing {
  private data = new Float32Array(64);
  private average = 0;
  /** 1 minus the sum of the weights: `weight` to the power of the number of values. */
  private missing = 1;
  private count = 0;

  constructor(readonly weight: number) {}

  /** A view, valid until the next {@link extend}. */
  get values(): Float32Array {
    return this.data.subarray(0, this.count);
  }

  /** Smooths the values that were added since the last call. @param raw the whole curve; its beginning must be unchanged */
  extend(raw: Numbers): void {
    if (raw.length > this.data.length) {
      const data = new Float32Array(Math.ceil(raw.length * 1.25));
      data.set(this.data);
      this.data = data;
    }
    // Local variables: V8 would box a number field at each assignment, for 100,000 steps.
    const { data, weight } = this;
    let { average, missing } = this;
    for (let index = this.count; index < raw.length; index++) {
      const value = raw[index]!;
      if (!Number.isFinite(value)) {
        data[index] = value;
        continue;
      }
      average = average * weight + (1 - weight) * value;
      // Avoids denormal numbers, with which the processor multiplies slowly.
      missing = missing < 1e-20 ? 0 : missing * weight;
      data[index] = average / (1 - missing);
    }
    this.average = average;
    this.missing = missing;
    this.count = raw.length;
  }
}
