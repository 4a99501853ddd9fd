/** The layout of a picture's or volume's values, with interleaved channels. */
interface ValueLayout {
  /** The lengths of the axes, the slowest axis first. */
  readonly sides: readonly number[];
  readonly channels: number;
  /** The difference of the greatest and the least possible value. */
  readonly range: number;
}

/** The window: a Gaussian with this standard deviation, cut off at `radius`. */
const [sigma, radius] = [1.5, 5];
const window = gaussianWindow();

/**
 * Mean structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004), over the places at which the whole window fits, the
 * channels averaged. It is scikit-image's with `gaussian_weights`, `sigma` 1.5 and `use_sample_covariance` off, in 2D and 3D.
 * @returns null where no window fits
 */
export function structuralSimilarity(
  x: Float64Array,
  y: Float64Array,
  { sides, channels, range }: ValueLayout,
): number | null {
  if (Math.min(...sides) < window.length) return null;
  let sum = 0;
  for (let channel = 0; channel < channels; channel++)
    sum += channelSimilarity(channelOf(x, channel, channels), channelOf(y, channel, channels), sides, range);
  return sum / channels;
}

function channelOf(samples: Float64Array, channel: number, channels: number): Float64Array {
  const values = new Float64Array(samples.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = samples[i * channels + channel]!;
  return values;
}

function channelSimilarity(x: Float64Array, y: Float64Array, sides: readonly number[], range: number): number {
  // The constants (K·L)² of Wang et al., with K₁ = 0.01 and K₂ = 0.03.
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const meanProduct = (a: Float64Array, b: Float64Array): Float64Array => windowMeans(product(a, b), sides);
  const [ux, uy] = [windowMeans(x, sides), windowMeans(y, sides)];
  const [uxx, uyy, uxy] = [meanProduct(x, x), meanProduct(y, y), meanProduct(x, y)];
  let sum = 0;
  for (let i = 0; i < ux.length; i++) {
    const [a, b] = [ux[i]!, uy[i]!];
    const [varianceX, varianceY, covariance] = [uxx[i]! - a * a, uyy[i]! - b * b, uxy[i]! - a * b];
    sum += ((2 * a * b + c1) * (2 * covariance + c2)) / ((a * a + b * b + c1) * (varianceX + varianceY + c2));
  }
  return sum / ux.length;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const values = new Float64Array(a.length);
  for (let i = 0; i < values.length; i++) values[i] = a[i]! * b[i]!;
  return values;
}

/** Weighted means under the window at all places where it fits, computed along one axis after the other, the last axis first. */
function windowMeans(values: Float64Array, sides: readonly number[]): Float64Array {
  let [means, step] = [values, 1];
  for (const length of [...sides].reverse()) {
    means = meansAlong(means, length, step);
    step *= length - 2 * radius;
  }
  return means;
}

/** Means along an axis of `length` values that are `step` apart; the result has `2 * radius` fewer values along it. */
function meansAlong(values: Float64Array, length: number, step: number): Float64Array {
  const shorter = length - 2 * radius;
  const means = new Float64Array((values.length / length) * shorter);
  for (let outer = 0, to = 0; to < means.length; outer += length * step) {
    for (let i = 0; i < shorter * step; i++, to++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * values[outer + i + k * step]!;
      means[to] = sum;
    }
  }
  return means;
}

function gaussianWindow(): Float64Array {
  const heights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => height / sum);
}
