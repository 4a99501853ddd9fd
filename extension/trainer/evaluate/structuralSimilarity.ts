/** Size of a picture whose samples are interleaved, row by row. */
interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The window: a Gaussian of this deviation, cut off at `radius`. */
const [sigma, radius] = [1.5, 5];
const window = gaussianWindow();
/** (K·L)² of Wang et al., with K₁ = 0.01, K₂ = 0.03 and a range of L = 255. */
const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];

/**
 * Mean structural similarity of samples in [0, 255] (Wang, Bovik, Sheikh and Simoncelli 2004), over the places at which the whole
 * window fits, the channels averaged. It is scikit-image's with `gaussian_weights`, `sigma` 1.5 and `use_sample_covariance` off.
 * @returns null where no window fits
 */
export function structuralSimilarity(x: Float64Array, y: Float64Array, { height, width, channels }: Size): number | null {
  if (Math.min(height, width) < window.length) return null;
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    const [a, b] = [x, y].map((samples) => samples.filter((_, i) => i % channels === channel)) as [Float64Array, Float64Array];
    sum += ofChannel(a, b, height, width);
  }
  return sum / channels;
}

function ofChannel(x: Float64Array, y: Float64Array, height: number, width: number): number {
  const mean = (value: (i: number) => number): Float64Array => windowMeans(x.map((_, i) => value(i)), height, width);
  const [ux, uy] = [mean((i) => x[i]!), mean((i) => y[i]!)];
  const [uxx, uyy, uxy] = [mean((i) => x[i]! ** 2), mean((i) => y[i]! ** 2), mean((i) => x[i]! * y[i]!)];
  let sum = 0;
  for (let i = 0; i < ux.length; i++) {
    const [a, b] = [ux[i]!, uy[i]!];
    const [varianceX, varianceY, covariance] = [uxx[i]! - a * a, uyy[i]! - b * b, uxy[i]! - a * b];
    sum += ((2 * a * b + c1) * (2 * covariance + c2)) / ((a * a + b * b + c1) * (varianceX + varianceY + c2));
  }
  return sum / ux.length;
}

/** Weighted means under the window, wherever it fits: along the rows, then along the columns. */
function windowMeans(values: Float64Array, height: number, width: number): Float64Array {
  const [rows, columns] = [height - 2 * radius, width - 2 * radius];
  const along = new Float64Array(height * columns);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k]! * values[row * width + column + k]!;
      along[row * columns + column] = sum;
    }
  }
  const means = new Float64Array(rows * columns);
  for (let i = 0; i < means.length; i++) {
    let sum = 0;
    for (let k = 0; k < window.length; k++) sum += window[k]! * along[i + k * columns]!;
    means[i] = sum;
  }
  return means;
}

function gaussianWindow(): Float64Array {
  const heights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => height / sum);
}
