import type { Ledger } from "./ledger";
import type { Shape, Tensor } from "./tensor";

/** Where a convolution's filter stops: steps of `stride`, with `pad` zeros on every side of every spatial axis. */
export interface ConvolutionGeometry {
  readonly stride: number;
  readonly pad: number;
}

/** Elementwise functions of one tensor. `softplus` is log(1 + eˣ); `sign` is 0 at 0, as PyTorch's gradient of abs. */
export type UnaryOp = "abs" | "exp" | "sigmoid" | "sign" | "softplus" | "square" | "tanh";

/** Elementwise functions of two tensors of one shape, or of a tensor and a scalar. */
export type BinaryOp = "add" | "subtract" | "multiply" | "maximum";

/** Rates of one Adam step, bias corrections still to be applied. */
export interface AdamRates {
  /** Steps taken including this one, from 1. */
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

/** What a border repeats: `reflect` what lies behind the edge, but not the edge itself; `replicate` the edge alone. */
export type Border = "reflect" | "replicate";

/** Whose mean and variance a norm takes: each image's own, or that of all images of the batch together. */
export type NormScope = "image" | "batch";

/** Over what statistics `[n, c]` or `[1, c]` of an activation were taken; of a single image both are the same. */
export function scopeOf(statistics: { readonly shape: Shape }, x: { readonly shape: Shape }): NormScope {
  return statistics.shape[0] === x.shape[0] ? "image" : "batch";
}

/** eps of every norm, as in the authors' code. */
export const normEpsilon = 1e-5;

/**
 * The tensor operations that everything else is written in. Activations are channels-last, of rank 4 (images) or 5 (volumes);
 * filters are `[h, w, in, out]` or, of volumes, `[h, w, d, in, out]`: with the depth behind the other sides, a filter of volumes can be read
 * as one of images whose channels are those of all slices under it. Arguments are borrowed, results belong to the caller.
 */
export interface Kernels {
  /** `native` or `wasm`. */
  readonly engine: string;
  readonly ledger: Ledger;

  /** Copies values into a tensor. */
  tensor(values: Float32Array, shape: Shape): Tensor;
  /** Copies a tensor's values out. */
  read(x: Tensor): Float32Array;

  unary(op: UnaryOp, x: Tensor): Tensor;
  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor;
  relu(x: Tensor): Tensor;
  /** dy where x > 0, else 0. */
  reluGradient(dy: Tensor, x: Tensor): Tensor;
  leakyRelu(x: Tensor, slope: number): Tensor;
  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor;
  /** dy · (1 − y²), with y = tanh x. */
  tanhGradient(dy: Tensor, y: Tensor): Tensor;
  /** The nearest multiples of 2⁻ᵍʳⁱᵈ; what is halfway goes to the even one. */
  snap(x: Tensor, grid: number): Tensor;
  /** Mean of all elements, a scalar. */
  mean(x: Tensor): Tensor;
  /** Largest |x|, a scalar; not a number if any element is not. */
  largest(x: Tensor): Tensor;

  /** Parts of the channels, in order; `sizes` sum to the channels of x. */
  split(x: Tensor, sizes: readonly number[]): Tensor[];
  /** Along the channels. */
  concat(parts: readonly Tensor[]): Tensor;

  /** Convolution of x `[n, …, in]` with a filter. */
  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor;
  /** Gradient of {@link conv} by x, and the transposed convolution: `[n, …, out]` to `xShape` = `[n, …, in]`. */
  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor;
  /** Gradient of {@link conv} by the filter. */
  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor;
  addBias(x: Tensor, bias: Tensor): Tensor;
  /** x times one number of `scale` `[c]` for each channel. */
  scaleChannels(x: Tensor, scale: Tensor): Tensor;
  /** Sum over all axes but the channels, `[c]`. */
  biasGradient(dy: Tensor): Tensor;

  /** `width` more elements on both sides of every spatial axis. */
  pad(x: Tensor, width: number, border: Border): Tensor;
  /** Adds the borders of dy back onto what they were copied from. */
  padGradient(dy: Tensor, width: number, border: Border): Tensor;

  /**
   * Instance or batch norm without affine parameters: y, and 1/√(variance + eps), `[n, c]` or, over a batch, `[1, c]`: all that its
   * gradient needs.
   */
  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor };
  /** Gradient of {@link normalize}, from its output; whether it was over a batch shows in the shape of rstd. */
  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor;
  moments(x: Tensor): Moments;
  /** (x − mean) / √(variance + eps), with moments taken elsewhere. */
  standardize(x: Tensor, moments: Moments): Tensor;

  /** One step of Adam as PyTorch computes it (Kingma and Ba 2015, algorithm 1), in place; borrows the gradient. */
  adam(state: AdamState, gradient: Tensor, rates: AdamRates): void;

  /** Frees the engine's own constants. The kernels cannot be used afterwards. */
  dispose(): void;
}

/** A parameter and its two moments, all of one shape. */
export interface AdamState {
  readonly value: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
}
