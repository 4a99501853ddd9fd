import type { Numbers } from "./search";

/**
 * TensorBoard's exponential smoothing with debiasing: the moving average is divided by the sum of its weights; undivided, the first values
 * would be close to zero. Values that are not finite are copied to the result and do not enter the average.
 */
export class Smoothing {
  private data = new Float32Array(64);
  private average = 0;
  /** 1 minus the sum of the weights: `weight` to the power of the number of values. */
  private missing = 1;
  private count = 0;

  constructor(readonly weight: number) {}

  /** The smoothed curve, as a view that is valid until the next {@link extend}. */
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
    // Local variables, because V8 allocates an object whenever a number is assigned to a field, here for up to 100,000 steps.
    const { data, weight } = this;
    let { average, missing } = this;
    for (let index = this.count; index < raw.length; index++) {
      const value = raw[index]!;
      if (!Number.isFinite(value)) {
        data[index] = value;
        continue;
      }
      average = average * weight + (1 - weight) * value;
      // Below 1e-20 the weight is set to 0, to avoid denormal numbers, which processors multiply slowly.
      missing = missing < 1e-20 ? 0 : missing * weight;
      data[index] = average / (1 - missing);
    }
    this.average = average;
    this.missing = missing;
    this.count = raw.length;
  }
}
