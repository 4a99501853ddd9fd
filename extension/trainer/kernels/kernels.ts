import type { Ledger } from "./ledger";
import type { Shape, Tensor } from "./tensor";

/** Stride of a convolution's filter, and the zeros that pad both ends of every spatial axis. */
export interface ConvolutionGeometry {
  readonly stride: number;
  readonly pad: number;
}

/** Elementwise functions of one tensor. `softplus` is log(1 + eˣ); `sign` is 0 at 0, as PyTorch's gradient of abs. */
export type UnaryOp = "abs" | "exp" | "sigmoid" | "sign" | "softplus" | "square" | "tanh";

/** Elementwise functions of two tensors of one shape, or of a tensor and a scalar. */
export type BinaryOp = "add" | "subtract" | "multiply" | "maximum";

/** Hyperparameters of one Adam step, before bias correction. */
export interface AdamRates {
  /** Number of this step, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Mean and (biased) variance of each channel over the spatial axes, both `[n, c]`. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** The values that padding copies: `reflect` mirrors the values without repeating the edge; `replicate` repeats the edge. */
export type Border = "reflect" | "replicate";

/** Whether a norm takes mean and variance of each image (instance norm) or of the whole batch (batch norm). */
export type NormScope = "image" | "batch";

/** The scope of statistics `[n, c]` (image) or `[1, c]` (batch) of an activation; for a batch of one image they are equal. */
export function normScopeOf(statistics: { readonly shape: Shape }, x: { readonly shape: Shape }): NormScope {
  return statistics.shape[0] === x.shape[0] ? "image" : "batch";
}

/** eps of every norm, as in the authors' code. */
export const normEpsilon = 1e-5;

/**
 * The tensor operations that all networks are written in. Activations are channels-last, `[n, h, w, c]` (images) or `[n, d, h, w, c]`
 * (volumes). Filters are `[h, w, in, out]` or, of volumes, `[h, w, d, in, out]`: with the depth axis last among the sides, a filter of
 * volumes reshapes without a copy to a filter of images, `[h, w, d·in, out]` (see sliceStacking.ts). Arguments are borrowed, results
 * belong to the caller.
 */
export interface Kernels {
  /** `native`, `webgpu` or `wasm`. */
  readonly engine: string;
  readonly ledger: Ledger;
  /** The most elements that a tensor may have; Infinity if only memory limits them. */
  readonly mostElements: number;

  /** Copies values into a tensor. */
  tensor(values: Float32Array, shape: Shape): Tensor;
  /** A tensor of zeros. */
  zeros(shape: Shape): Tensor;
  /** Copies a tensor's values to host memory. */
  read(x: Tensor): Float32Array;
  /**
   * As {@link read}, for values that are not needed at once: so as not to wait now, an engine may fill the returned array as late as in the
   * next `read`.
   */
  readLater(x: Tensor): Float32Array;

  /**
   * On an engine whose kernels return before they have computed, waits for those called so far, except for work that the engine has put off
   * to a later kernel.
   */
  finish(): void;

  unary(op: UnaryOp, x: Tensor): Tensor;
  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor;
  relu(x: Tensor): Tensor;
  /** dy where x > 0, else 0. */
  reluGradient(dy: Tensor, x: Tensor): Tensor;
  leakyRelu(x: Tensor, slope: number): Tensor;
  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor;
  /** dy · (1 − y²), with y = tanh x. */
  tanhGradient(dy: Tensor, y: Tensor): Tensor;
  /** Rounds to the nearest multiple of 2⁻ᵍʳⁱᵈ, ties to even. */
  snap(x: Tensor, grid: number): Tensor;
  /** Mean of all elements, a scalar. */
  mean(x: Tensor): Tensor;
  /** Largest |x|, a scalar; NaN if any element is NaN. */
  largest(x: Tensor): Tensor;

  /** Splits along the channels; `sizes` sum to the channels of x. */
  split(x: Tensor, sizes: readonly number[]): Tensor[];
  /** Concatenates along the channels. */
  concat(parts: readonly Tensor[]): Tensor;

  /** Convolution of x `[n, …, in]` with a filter. */
  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor;
  /** Gradient of {@link conv} by x, and the transposed convolution: `[n, …, out]` to `xShape` = `[n, …, in]`. */
  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor;
  /** Gradient of {@link conv} by the filter. */
  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor;
  addBias(x: Tensor, bias: Tensor): Tensor;
  /** x · scale, with `scale` `[c]`. */
  scaleChannels(x: Tensor, scale: Tensor): Tensor;
  /** Sum over all axes but the channels, `[c]`. */
  biasGradient(dy: Tensor): Tensor;

  /** Pads both ends of every spatial axis by `width` elements. */
  pad(x: Tensor, width: number, border: Border): Tensor;
  /** Gradient of {@link pad}: adds the padding of dy onto the elements that it was copied from. */
  padGradient(dy: Tensor, width: number, border: Border): Tensor;

  /** {@link pad} of {@link relu}. */
  reluPad(x: Tensor, width: number, border: Border): Tensor;
  /** Gradient of {@link reluPad}. */
  reluPadGradient(dy: Tensor, x: Tensor, width: number, border: Border): Tensor;

  /**
   * Instance or batch norm without affine parameters: y, and rstd = 1/√(variance + eps), `[n, c]` or, over a batch, `[1, c]`. The
   * gradient needs these two alone.
   */
  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor };
  /** Gradient of {@link normalize} from its output y; the shape of rstd tells the scope. */
  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor;
  moments(x: Tensor): Moments;
  /** (x − mean) / √(variance + eps), with given moments, `[n, c]`. */
  standardize(x: Tensor, moments: Moments): Tensor;

  /** One step of Adam as PyTorch computes it (Kingma and Ba 2015, algorithm 1), in place; borrows the gradient. */
  adam(state: AdamState, gradient: Tensor, rates: AdamRates): void;

  /** Frees the engine's cached constants. The kernels cannot be used afterwards. */
  dispose(): void;
}

/** A parameter and its two moments, all of one shape. */
export interface AdamState {
  readonly value: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
}

/** {@link Kernels.reluPad} by two operations, for engines that have no operation for it. */
export function padAfterRelu(k: Pick<Kernels, "relu" | "pad">, x: Tensor, width: number, border: Border): Tensor {
  const rectified = k.relu(x);
  const y = k.pad(rectified, width, border);
  rectified.dispose();
  return y;
}

/** {@link Kernels.reluPadGradient} by two operations, for engines that have no operation for it. */
export function padAfterReluGradient(
  k: Pick<Kernels, "reluGradient" | "padGradient">,
  dy: Tensor,
  x: Tensor,
  width: number,
  border: Border,
): Tensor {
  const folded = k.padGradient(dy, width, border);
  const dx = k.reluGradient(folded, x);
  folded.dispose();
  return dx;
}
