import type { Kernels } from "../kernels/kernels";
import { channels, dispose, type Tensor } from "../kernels/tensor";

/** Mean and variance of every channel at one norm of the network. */
interface NormStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * Gives all tiles of a picture the same statistics at each norm. An instance norm normalises by the statistics of its input, so tiles that
 * are translated independently would differ in tone. Here each norm's statistics are computed once, over patches of the whole picture, and
 * used for all of its tiles. Norms are identified by their order in the forward pass.
 */
export class SharedStatistics {
  private readonly norms: NormStatistics[] = [];

  constructor(private readonly k: Kernels) {}

  /** Kernels that compute each norm's statistics over the whole batch, and store them. */
  gathering(): Kernels {
    return this.withNorm((x) => {
      const norm = this.over(x);
      this.norms.push(norm);
      return norm;
    });
  }

  /** Kernels for one forward pass, in which each norm uses the stored statistics. */
  sharing(): Kernels {
    let next = 0;
    return this.withNorm(() => this.norms[next++]!);
  }

  /** The same kernels, with a `normalize` that uses the given statistics. */
  private withNorm(statisticsOf: (x: Tensor) => NormStatistics): Kernels {
    const { k } = this;
    const normalize: Kernels["normalize"] = (x) => {
      const { mean, variance } = statisticsOf(x);
      const n = x.shape[0]!;
      const shape = [n, channels(x.shape)];
      const moments = {
        mean: k.tensor(repeatedValues(mean, n), shape),
        variance: k.tensor(repeatedValues(variance, n), shape),
      };
      const y = k.standardize(x, moments);
      moments.mean.dispose();
      // `rstd` is only used in a backward pass, which these kernels never run, so any tensor of its shape will do.
      return { y, rstd: moments.variance };
    };
    return Object.create(k, { normalize: { value: normalize } }) as Kernels;
  }

  /** Mean E[x] and variance E[x²] − E[x]² over all pictures of a batch, computed from each picture's own. */
  private over(x: Tensor): NormStatistics {
    const moments = this.k.moments(x);
    const means = this.k.read(moments.mean);
    const variances = this.k.read(moments.variance);
    dispose(moments.mean, moments.variance);
    const [n, c] = [x.shape[0]!, channels(x.shape)];
    const mean = new Float32Array(c);
    const variance = new Float32Array(c);
    for (let j = 0; j < c; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += means[i * c + j]! / n;
      mean[j] = sum;
      // The variance over all pictures is the mean of their variances plus the variance of their means.
      for (let i = 0; i < n; i++) variance[j]! += (variances[i * c + j]! + (means[i * c + j]! - sum) ** 2) / n;
    }
    return { mean, variance };
  }
}

function repeatedValues(values: Float32Array, times: number): Float32Array {
  const result = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) result.set(values, i * values.length);
  return result;
}
