/** Colours of pixels, one after the other, 0 to 255. */
export type Pixels = ArrayLike<number>;

/** What a translation that knows nothing of neighbourhoods would give: a function from pixels to pixels. */
export type Baseline = (pixels: Pixels) => Float64Array;

const channels = 3;

/** The colour with the smallest mean absolute error: the median of each channel of the training pictures. */
export function bestConstant(truth: Pixels): Baseline {
  const medians = Array.from({ length: channels }, (_, c) => {
    const values = Array.from({ length: truth.length / channels }, (_, i) => truth[i * channels + c]!).sort(
      (a, b) => a - b,
    );
    return values[values.length >> 1]!;
  });
  return (pixels) => Float64Array.from({ length: pixels.length }, (_, i) => medians[i % channels]!);
}

/** Least squares from 1, r, g, b and their products to each channel, pixel by pixel. */
export function quadraticRegression(pixels: Pixels, truth: Pixels): Baseline {
  const terms = features(0, 0, 0).length;
  const normal = Array.from({ length: terms }, () => new Float64Array(terms));
  const right = Array.from({ length: terms }, () => new Float64Array(channels));
  for (let i = 0; i < pixels.length; i += channels) {
    const x = features(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
    for (let j = 0; j < terms; j++) {
      for (let k = 0; k < terms; k++) normal[j]![k]! += x[j]! * x[k]!;
      for (let c = 0; c < channels; c++) right[j]![c]! += x[j]! * truth[i + c]!;
    }
  }
  const weights = solve(normal, right);
  return (given) => {
    const result = new Float64Array(given.length);
    for (let i = 0; i < given.length; i += channels) {
      const x = features(given[i]!, given[i + 1]!, given[i + 2]!);
      for (let c = 0; c < channels; c++)
        result[i + c] = Math.max(
          0,
          Math.min(
            255,
            x.reduce((sum, value, j) => sum + value * weights[j]![c]!, 0),
          ),
        );
    }
    return result;
  };
}

/** Mean |a − b|. */
export function meanAbsoluteError(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

function features(red: number, green: number, blue: number): number[] {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  return [1, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b];
}

/** Gaussian elimination with pivoting; changes its arguments. */
export function solve(matrix: Float64Array[], right: Float64Array[]): Float64Array[] {
  const n = matrix.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let k = column; k < n; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
      for (let c = 0; c < right[row]!.length; c++) right[row]![c]! -= factor * right[column]![c]!;
    }
  }
  return right.map((values, row) => values.map((value) => value / matrix[row]![row]!));
}
