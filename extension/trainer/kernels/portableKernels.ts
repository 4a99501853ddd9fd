import {
  type AdamRates,
  type AdamState,
  type BinaryOp,
  type Border,
  type Kernels,
  type Moments,
  type NormScope,
  normEpsilon,
  normScopeOf,
  padAfterRelu,
  padAfterReluGradient,
  type UnaryOp,
  type ConvolutionGeometry,
} from "./kernels";
import { Ledger } from "./ledger";
import { PortableConvolution } from "./portableConvolution";
import { paddingGradient, padded } from "./portablePadding";
import { PortableVolumes } from "./portableVolumes";
import { channels, elements, type Shape, spatial, Tensor } from "./tensor";
import type { TfjsTensor, Tidy, Tfjs } from "./tfjs";

/**
 * The kernels on any tfjs backend, built from forward operations alone, since backends such as WASM lack gradient kernels. If a kernel
 * takes several operations, its temporaries count in the ledger's peak.
 */
export class PortableKernels implements Kernels {
  readonly mostElements = Infinity;
  readonly ledger = new Ledger();
  private readonly images: PortableConvolution;
  private readonly volumes: PortableVolumes;

  /** @param engine the name by which users know the backend */
  constructor(
    readonly engine: string,
    private readonly tf: Tfjs,
  ) {
    this.images = new PortableConvolution(tf);
    this.volumes = new PortableVolumes(tf, this.images);
  }

  tensor(values: Float32Array, shape: Shape): Tensor {
    return this.own(this.tf.tensor(values, [...shape], "float32"));
  }

  zeros(shape: Shape): Tensor {
    return this.own(this.tf.zeros([...shape]));
  }

  read(x: Tensor): Float32Array {
    return plain(x).dataSync<"float32">();
  }

  readLater(x: Tensor): Float32Array {
    return this.read(x);
  }

  finish(): void {
    // Kernels compute before they return.
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
    return this.compose((tf, tidy) =>
      tf.mul(
        plain(dy),
        tidy(() => tf.relu(tf.sign(plain(x)))),
      ),
    );
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    return this.own(this.tf.leakyRelu(plain(x), slope));
  }

  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor {
    // max(sign x, slope) is 1 where x > 0 and the slope elsewhere, for slopes from 0 to 1.
    return this.compose((tf, tidy) =>
      tf.mul(
        plain(dy),
        tidy(() => tf.maximum(tf.sign(plain(x)), slope)),
      ),
    );
  }

  tanhGradient(dy: Tensor, y: Tensor): Tensor {
    return this.compose((tf, tidy) =>
      tf.mul(
        plain(dy),
        tidy(() => tf.sub(1, tf.square(plain(y)))),
      ),
    );
  }

  mean(x: Tensor): Tensor {
    return this.compose((tf) => meanOver(tf, plain(x), axes(x.shape)));
  }

  snap(x: Tensor, grid: number): Tensor {
    return this.compose((tf, tidy) =>
      tf.mul(
        tidy(() => tf.round(tf.mul(plain(x), 2 ** grid))),
        2 ** -grid,
      ),
    );
  }

  largest(x: Tensor): Tensor {
    return this.compose((tf) => tf.max(tf.abs(plain(x))));
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    // The tensor is split as a matrix, since the backend is slow at slices of rank 5.
    const { tf } = this;
    const space = x.shape.slice(0, -1);
    const parts = tf.tidy(() =>
      tf
        .split(tf.reshape(plain(x), [elements(space), channels(x.shape)]), [...sizes], 1)
        .map((part, i) => tf.reshape(part, [...space, sizes[i]!])),
    );
    return parts.map((part) => this.own(part));
  }

  concat(parts: readonly Tensor[]): Tensor {
    return this.own(this.tf.concat(parts.map(plain), parts[0]!.shape.length - 1));
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    return this.compose((_, tidy) => this.convolution(x.shape).map(plain(x), plain(filter), geometry, tidy));
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.compose((_, tidy) =>
      this.convolution(xShape).inputGradient(plain(dy), plain(filter), xShape, geometry, tidy),
    );
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.compose((_, tidy) =>
      this.convolution(x.shape).filterGradient(plain(x), plain(dy), filterShape, geometry, tidy),
    );
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.own(this.tf.add(plain(x), plain(bias)));
  }

  scaleChannels(x: Tensor, scale: Tensor): Tensor {
    return this.own(this.tf.mul(plain(x), plain(scale)));
  }

  biasGradient(dy: Tensor): Tensor {
    const count = elements(dy.shape) / channels(dy.shape);
    return this.compose((tf) => tf.mul(meanOver(tf, plain(dy), axes(dy.shape).slice(0, -1)), count));
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    return this.compose((tf, tidy) => padded(tf, tidy, plain(x), width, border));
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    return this.compose((tf, tidy) => paddingGradient(tf, tidy, plain(dy), width, border));
  }

  reluPad(x: Tensor, width: number, border: Border): Tensor {
    return padAfterRelu(this, x, width, border);
  }

  reluPadGradient(dy: Tensor, x: Tensor, width: number, border: Border): Tensor {
    return padAfterReluGradient(this, dy, x, width, border);
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    const moments = this.momentsOver(x, over);
    const y = this.standardize(x, moments);
    moments.mean.dispose();
    const rstd = this.compose((tf) => tf.rsqrt(tf.add(plain(moments.variance), normEpsilon)));
    moments.variance.dispose();
    return { y, rstd };
  }

  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    return this.compose((tf, tidy) => {
      const over = normScopeOf(rstd, y);
      const level = (values: () => TfjsTensor): TfjsTensor =>
        tidy(() => tf.reshape(meanOver(tf, values(), axesOver(y.shape, over)), channelShape(y.shape, over)));
      const rest = tidy(() => {
        const along = tidy(() =>
          tf.mul(
            plain(y),
            level(() => tf.mul(plain(dy), plain(y))),
          ),
        );
        return tf.sub(
          tidy(() =>
            tf.sub(
              plain(dy),
              level(() => plain(dy)),
            ),
          ),
          along,
        );
      });
      return tf.mul(rest, tf.reshape(plain(rstd), channelShape(y.shape, over)));
    });
  }

  moments(x: Tensor): Moments {
    return this.momentsOver(x, "image");
  }

  standardize(x: Tensor, { mean, variance }: Moments): Tensor {
    const levels = channelShape(x.shape, normScopeOf(mean, x));
    return this.compose((tf) => {
      const rstd = tf.rsqrt(tf.add(tf.reshape(plain(variance), levels), normEpsilon));
      return tf.mul(tf.sub(plain(x), tf.reshape(plain(mean), levels)), rstd);
    });
  }

  adam(state: AdamState, gradient: Tensor, { step, learningRate, beta1, beta2, epsilon }: AdamRates): void {
    const { tf } = this;
    const g = plain(gradient);
    // The three updates run one after the other, so that few temporaries are alive at the same time.
    this.update(state.m, (m) => tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    this.update(state.v, (v, tidy) =>
      tf.add(
        tf.mul(v, beta2),
        tidy(() => tf.mul(tf.square(g), 1 - beta2)),
      ),
    );
    const correction = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction) / (1 - beta1 ** step);
    this.update(state.value, (value, tidy) => {
      const root = (): TfjsTensor => tidy(() => tf.add(tf.sqrt(plain(state.v)), epsilon * correction));
      return tf.sub(
        value,
        tidy(() =>
          tf.mul(
            tidy(() => tf.div(plain(state.m), root())),
            rate,
          ),
        ),
      );
    });
  }

  dispose(): void {
    // No constants are cached.
  }

  /** Mean and biased variance, `[n, c]` or, over a batch, `[1, c]`. */
  private momentsOver(x: Tensor, over: NormScope): Moments {
    const { tf } = this;
    const levels = channelShape(x.shape, over);
    const meanOfGroup = (values: TfjsTensor): TfjsTensor =>
      tf.reshape(meanOver(tf, values, axesOver(x.shape, over)), [levels[0]!, channels(x.shape)]);
    const mean = this.compose(() => meanOfGroup(plain(x)));
    const variance = this.compose(() => meanOfGroup(tf.squaredDifference(plain(x), tf.reshape(plain(mean), levels))));
    return { mean, variance };
  }

  /** @param shape the shape of an activation */
  private convolution(shape: Shape): PortableConvolution | PortableVolumes {
    return shape.length === 5 ? this.volumes : this.images;
  }

  /** Runs a kernel that consists of several operations, and frees their temporaries. */
  private compose(work: (tf: Tfjs, tidy: Tidy) => TfjsTensor): Tensor {
    return this.own(this.tidied((tidy) => work(this.tf, tidy)));
  }

  /** Replaces a tensor's value. */
  private update(tensor: Tensor, work: (old: TfjsTensor, tidy: Tidy) => TfjsTensor): void {
    const old = plain(tensor);
    const next = this.tidied((tidy) => work(old, tidy));
    old.dispose();
    tensor.replaceHandle(next);
  }

  /** Runs `work` in nested tidy scopes. At the end of each scope, where its most bytes are alive, the ledger counts them as scratch. */
  private tidied(work: (tidy: Tidy) => TfjsTensor): TfjsTensor {
    const { tf } = this;
    const before = tf.memory().numBytes;
    const tidy: Tidy = (steps) =>
      tf.tidy(() => {
        const result = steps();
        this.ledger.scratch(tf.memory().numBytes - before);
        return result;
      });
    return tidy(() => work(tidy));
  }

  private own(made: TfjsTensor): Tensor {
    const tensor = new Tensor(made.shape, made, (gone) => {
      plain(gone).dispose();
      this.ledger.free(gone);
    });
    this.ledger.allocate(tensor);
    return tensor;
  }
}

function plain(tensor: Tensor): TfjsTensor {
  return tensor.handle as TfjsTensor;
}

function axes(shape: Shape): number[] {
  return shape.map((_, axis) => axis);
}

/** The shape in which statistics `[n, c]`, or of a batch `[1, c]`, broadcast over an activation of this shape. */
function channelShape(shape: Shape, over: NormScope): number[] {
  return [over === "image" ? shape[0]! : 1, ...spatial(shape).map(() => 1), channels(shape)];
}

/** The axes of an activation over which a norm takes its statistics. */
function axesOver(shape: Shape, over: NormScope): number[] {
  return axes(shape).slice(over === "image" ? 1 : 0, -1);
}

/**
 * The mean over some axes, one axis at a time: the backend sums sequentially, and a sum of partial sums has a tenth of the rounding error
 * of one long sum.
 */
function meanOver(tf: Tfjs, x: TfjsTensor, over: readonly number[]): TfjsTensor {
  return over.toReversed().reduce((partial, axis) => tf.mean(partial, axis), x);
}
