import { type Kernels, normEpsilon } from "../kernels/kernels";
import { channels, elements, type Tensor } from "../kernels/tensor";

/** Weight of the newest batch in the running means, PyTorch's default. */
const momentum = 0.1;

/**
 * Running mean and (unbiased) variance of each channel at the input of a batch norm, as PyTorch updates them in training. They are kept in
 * host memory, so the ledger does not count them.
 */
export class RunningStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  private seen: { readonly mean: Float64Array; readonly variance: Float64Array }[] = [];

  /** @param name PyTorch's name of the norm's module, for example `G.model.2` */
  constructor(
    readonly name: string,
    count: number,
  ) {
    this.mean = new Float32Array(count);
    this.variance = new Float32Array(count).fill(1);
  }

  /** Records a training pass over x, `[n, …, c]`, with the norm's rstd `[1, c]`. Borrows both. */
  observe(k: Kernels, x: Tensor, rstd: Tensor): void {
    const count = elements(x.shape) / channels(x.shape);
    const total = k.biasGradient(x);
    const [sums, scales] = [k.read(total), k.read(rstd)];
    total.dispose();
    const unbiased = count > 1 ? count / (count - 1) : 1;
    this.seen.push({
      mean: Float64Array.from(sums, (sum) => sum / count),
      variance: Float64Array.from(scales, (scale) => unbiased * (1 / scale ** 2 - normEpsilon)),
    });
  }

  /** Ends a step: updates the statistics with its passes. */
  commit(): void {
    for (const { mean, variance } of this.seen) {
      mean.forEach((value, i) => (this.mean[i]! += momentum * (value - this.mean[i]!)));
      variance.forEach((value, i) => (this.variance[i]! += momentum * (value - this.variance[i]!)));
    }
    this.seen = [];
  }

  /** Discards the passes of a step that was abandoned. */
  discard(): void {
    this.seen = [];
  }
}
