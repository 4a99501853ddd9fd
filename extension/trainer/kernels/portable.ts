import { type AdamRates, type AdamState, type BinaryOp, type Kernels, type Moments, normEpsilon, type UnaryOp, type Window } from "./kernels";
import { Ledger } from "./ledger";
import { PortableConvolution } from "./portableConvolution";
import { channels, elements, type Shape, spatial, Tensor } from "./tensor";
import type { Plain, Tfjs } from "./tfjs";

/**
 * The kernels on any backend of tfjs that can run forward operations, for engines that have no gradients of their own. Each is one
 * forward operation or a few; intermediates are entered in the ledger like everything else.
 */
export class PortableKernels implements Kernels {
  readonly ledger = new Ledger();
  private readonly convolution: PortableConvolution;

  /** @param engine the name by which users know the backend */
  constructor(
    readonly engine: string,
    private readonly tf: Tfjs,
  ) {
    this.convolution = new PortableConvolution(tf);
  }

  tensor(values: Float32Array, shape: Shape): Tensor {
    return this.own(this.tf.tensor(values, [...shape], "float32"));
  }

  read(x: Tensor): Float32Array {
    return plain(x).dataSync<"float32">();
  }

  unary(op: UnaryOp, x: Tensor): Tensor {
    return this.own(this.tf[op](plain(x)));
  }

  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor {
    const { tf } = this;
    const apply = { add: tf.add, subtract: tf.sub, multiply: tf.mul, maximum: tf.maximum }[op];
    return this.own(apply(plain(a), typeof b === "number" ? b : plain(b)));
  }

  relu(x: Tensor): Tensor {
    return this.own(this.tf.relu(plain(x)));
  }

  reluGradient(dy: Tensor, x: Tensor): Tensor {
    return this.compose(dy.shape, 2, (tf) => tf.mul(plain(dy), tf.relu(tf.sign(plain(x)))));
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    return this.own(this.tf.leakyRelu(plain(x), slope));
  }

  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor {
    // 1 or the slope, without a branch: for slopes below 1 the larger of both where x > 0.
    return this.compose(dy.shape, 2, (tf) => tf.mul(plain(dy), tf.maximum(tf.sign(plain(x)), slope)));
  }

  tanhGradient(dy: Tensor, y: Tensor): Tensor {
    return this.compose(dy.shape, 2, (tf) => tf.mul(plain(dy), tf.sub(1, tf.square(plain(y)))));
  }

  mean(x: Tensor): Tensor {
    return this.compose([], 0, (tf) => meanOver(tf, plain(x), axes(x.shape)));
  }

  largest(x: Tensor): Tensor {
    return this.compose(x.shape, 1, (tf) => tf.max(tf.abs(plain(x))));
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    return this.tf.split(plain(x), [...sizes], x.shape.length - 1).map((part) => this.own(part));
  }

  concat(parts: readonly Tensor[]): Tensor {
    return this.own(this.tf.concat(parts.map(plain), parts[0]!.shape.length - 1));
  }

  conv(x: Tensor, filter: Tensor, window: Window): Tensor {
    return this.own(this.convolution.map(plain(x), plain(filter), window));
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, window: Window): Tensor {
    return this.compose(xShape, 1, () => this.convolution.inputGradient(plain(dy), plain(filter), xShape, window));
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, window: Window): Tensor {
    return this.compose(x.shape, 1, () => this.convolution.filterGradient(plain(x), plain(dy), filterShape, window));
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.own(this.tf.add(plain(x), plain(bias)));
  }

  biasGradient(dy: Tensor): Tensor {
    const count = elements(dy.shape) / channels(dy.shape);
    return this.compose([], 0, (tf) => tf.mul(meanOver(tf, plain(dy), axes(dy.shape).slice(0, -1)), count));
  }

  reflectPad(x: Tensor, width: number): Tensor {
    const pads = x.shape.map((_, axis): [number, number] => (axis === 0 || axis === x.shape.length - 1 ? [0, 0] : [width, width]));
    return this.own(this.tf.mirrorPad(plain(x), pads, "reflect"));
  }

  reflectPadGradient(dy: Tensor, width: number): Tensor {
    // tfjs's own gradient of mirrorPad cuts the borders off instead of folding them back.
    return this.compose(dy.shape, 2, (tf) => {
      let folded = plain(dy);
      for (const axis of axes(dy.shape).slice(1, -1)) folded = foldBorders(tf, folded, axis, width);
      return folded;
    });
  }

  normalize(x: Tensor): { y: Tensor; rstd: Tensor } {
    const moments = this.moments(x);
    const y = this.standardize(x, moments);
    moments.mean.dispose();
    const rstd = this.own(this.tf.tidy(() => this.tf.rsqrt(this.tf.add(plain(moments.variance), normEpsilon))));
    moments.variance.dispose();
    return { y, rstd };
  }

  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    return this.compose(dy.shape, 3, (tf) => {
      const over = axes(y.shape).slice(1, -1);
      const along = tf.mul(plain(y), tf.reshape(meanOver(tf, tf.mul(plain(dy), plain(y)), over), perChannel(y.shape)));
      const centred = tf.sub(plain(dy), tf.reshape(meanOver(tf, plain(dy), over), perChannel(y.shape)));
      return tf.mul(tf.sub(centred, along), tf.reshape(plain(rstd), perChannel(y.shape)));
    });
  }

  moments(x: Tensor): Moments {
    const { tf } = this;
    const over = axes(x.shape).slice(1, -1);
    const mean = this.compose([], 0, () => meanOver(tf, plain(x), over));
    const variance = this.compose(x.shape, 1, () =>
      meanOver(tf, tf.squaredDifference(plain(x), tf.reshape(plain(mean), perChannel(x.shape))), over),
    );
    return { mean, variance };
  }

  standardize(x: Tensor, { mean, variance }: Moments): Tensor {
    return this.compose(x.shape, 1, (tf) => {
      const rstd = tf.rsqrt(tf.add(tf.reshape(plain(variance), perChannel(x.shape)), normEpsilon));
      return tf.mul(tf.sub(plain(x), tf.reshape(plain(mean), perChannel(x.shape))), rstd);
    });
  }

  adam(state: AdamState, gradient: Tensor, { step, learningRate, beta1, beta2, epsilon }: AdamRates): void {
    this.ledger.passing([gradient.shape, gradient.shape, gradient.shape]);
    const next = this.tf.tidy(() => {
      const { tf } = this;
      const g = plain(gradient);
      const m = tf.add(tf.mul(plain(state.m), beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(plain(state.v), beta2), tf.mul(tf.square(g), 1 - beta2));
      const correction = Math.sqrt(1 - beta2 ** step);
      const change = tf.div(m, tf.add(tf.sqrt(v), epsilon * correction));
      const value = tf.sub(plain(state.value), tf.mul(change, (learningRate * correction) / (1 - beta1 ** step)));
      return { value, m, v };
    });
    for (const name of ["value", "m", "v"] as const) {
      plain(state[name]).dispose();
      state[name].replaceHandle(next[name]);
    }
  }

  dispose(): void {
    // tfjs keeps no constants of ours.
  }

  /** Several operations as one: `copies` tensors of `shape` are alive beside the result at their peak. */
  private compose(shape: Shape, copies: number, work: (tf: Tfjs) => Plain): Tensor {
    this.ledger.passing(Array<Shape>(copies).fill(shape));
    return this.own(this.tf.tidy(() => work(this.tf)));
  }

  private own(made: Plain): Tensor {
    const tensor = new Tensor(made.shape, made, (gone) => {
      plain(gone).dispose();
      this.ledger.leave(gone);
    });
    this.ledger.enter(tensor);
    return tensor;
  }
}

function plain(tensor: Tensor): Plain {
  return tensor.handle as Plain;
}

function axes(shape: Shape): number[] {
  return shape.map((_, axis) => axis);
}

/** `[n, c]` as it broadcasts over an activation of this shape. */
function perChannel(shape: Shape): number[] {
  return [shape[0]!, ...spatial(shape).map(() => 1), channels(shape)];
}

/**
 * The mean over some axes, an axis at a time: the backend adds one number after the other, and a sum of sums loses a tenth of what
 * one long sum loses.
 */
function meanOver(tf: Tfjs, x: Plain, over: readonly number[]): Plain {
  return over.toReversed().reduce((partial, axis) => tf.mean(partial, axis), x);
}

/** Adds the mirrored borders of one axis back onto what they were copied from. */
function foldBorders(tf: Tfjs, x: Plain, axis: number, width: number): Plain {
  const size = x.shape[axis]! - 2 * width;
  const cut = (from: number, length: number): Plain => {
    const begin = x.shape.map((_, i) => (i === axis ? from : 0));
    return tf.slice(x, begin, x.shape.map((full, i) => (i === axis ? length : full)));
  };
  const placed = (border: Plain, from: number): Plain =>
    tf.pad(tf.reverse(border, axis), x.shape.map((_, i): [number, number] => (i === axis ? [from, size - from - width] : [0, 0])));
  const middle = cut(width, size);
  const near = placed(cut(0, width), 1);
  const far = placed(cut(width + size, width), size - 1 - width);
  return tf.add(tf.add(middle, near), far);
}
