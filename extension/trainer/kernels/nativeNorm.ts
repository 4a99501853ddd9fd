import { type NormScope, normEpsilon, scopeOf } from "./kernels";
import { channels, elements, type Shape, spatial } from "./tensor";
import type { Attribute, Output, TensorFlow } from "./tensorflow";

/**
 * Instance and batch norms in TensorFlow, the latter as instance norms of one tall image that has all images below each other: our
 * operations, or its fused batch norms over all images laid side by side.
 */
export class NativeNorm {
  private readonly reshape: readonly Attribute[];
  private readonly fused: readonly Attribute[];

  constructor(private readonly tf: TensorFlow) {
    this.reshape = [tf.float, tf.type("Tshape", "int")];
    this.fused = [
      tf.float,
      tf.type("U", "float"),
      tf.number("epsilon", normEpsilon),
      tf.text("data_format", "NHWC"),
      tf.bool("is_training", true),
    ];
  }

  /** y of x's shape, and rstd `[n, c]`, or `[1, c]` over a batch. */
  normalize(x: Output, over: NormScope): { y: Output; rstd: Output } {
    if (over === "image" || x.shape[0] === 1) return this.normalizeEach(x);
    const tall = this.as(x, tallShape(x.shape));
    const { y, rstd } = this.normalizeEach(tall);
    this.free(tall);
    return { y: this.shaped(y, x.shape), rstd };
  }

  private normalizeEach(x: Output): { y: Output; rstd: Output } {
    if (this.tf.hasOperations) {
      const [y, rstd] = this.tf.runMany("RevganNormalize", [this.tf.number("epsilon", normEpsilon)], [x.id], 2);
      return { y: y!, rstd: rstd! };
    }
    const [y, rstd] = this.overImages([x], ([image], c, count) => {
      const [normal, mean, variance, savedMean, saved, space] = this.tf.runMany(
        "FusedBatchNormV3",
        [this.tf.number("exponential_avg_factor", 1), ...this.fused],
        [image!, this.tf.filled(1, c), this.tf.filled(0, c), this.tf.filled(0, 0), this.tf.filled(0, 0)],
        6,
      ) as [Output, Output, Output, Output, Output, Output];
      if (this.tf.onGpu) {
        // What a GPU saves for its gradient is rstd. `[n · c]` there, which only the gradient reads: a reshape takes as long as any operation.
        this.free(mean, variance, savedMean, space);
        return [normal, { id: saved.id, shape: perImage(x.shape) }];
      }
      // TensorFlow reports the unbiased variance; the norm itself divides by the biased one.
      const biased = this.two("Mul", variance.id, this.tf.filled(count > 1 ? (count - 1) / count : 1, 1));
      const scale = this.shaped(this.rootOfInverse(biased), perImage(x.shape));
      this.free(mean, variance, biased, savedMean, saved, space);
      return [normal, scale];
    });
    return { y: y!, rstd: rstd! };
  }

  /** The gradient by the input of {@link normalize}, from its output. */
  normalizeGradient(dy: Output, y: Output, rstd: Output): Output {
    if (scopeOf(rstd, y) === "image") return this.gradientOfEach(dy, y, rstd);
    const [tallDy, tallY] = [this.as(dy, tallShape(y.shape)), this.as(y, tallShape(y.shape))];
    const dx = this.gradientOfEach(tallDy, tallY, rstd);
    this.free(tallDy, tallY);
    return this.shaped(dx, y.shape);
  }

  private gradientOfEach(dy: Output, y: Output, rstd: Output): Output {
    if (this.tf.hasOperations) return this.tf.run("RevganNormalizeGradient", [], [dy.id, y.id, rstd.id]);
    const [dx] = this.overImages([dy, y], ([gradient, normal], c) => {
      // The gradient of a norm whose input was y, of mean 0 and variance 1, scaled by what the true input was divided by:
      // so the input need not be kept.
      const scale = this.tf.onGpu ? rstd : this.as(rstd, [c]);
      // What was saved of y: on a processor its variance, to which eps is added, on a GPU 1/√(variance + eps).
      const saved = this.tf.filled(this.tf.onGpu ? 1 : 1 - normEpsilon, c);
      const [image, ...rest] = this.tf.runMany(
        "FusedBatchNormGradV3",
        this.fused,
        [gradient!, normal!, scale.id, this.tf.filled(0, c), saved, this.tf.filled(0, 0)],
        5,
      );
      if (scale !== rstd) this.free(scale);
      this.free(...rest);
      return [image!];
    });
    return dx!;
  }

  /** Mean and biased variance, both `[n, c]`. */
  moments(x: Output): { mean: Output; variance: Output } {
    const mean = this.level(x);
    const squares = this.two("SquaredDifference", x.id, mean.id);
    const variance = this.level(squares);
    this.free(squares);
    return { mean: this.shaped(mean, perImage(x.shape)), variance: this.shaped(variance, perImage(x.shape)) };
  }

  /** (x − mean) / √(variance + eps). */
  standardize(x: Output, moments: { mean: Output; variance: Output }): Output {
    const levels = perChannel(x.shape);
    const mean = this.as(moments.mean, levels);
    const rstd = this.shaped(this.rootOfInverse(moments.variance), levels);
    const centred = this.two("Sub", x.id, mean.id);
    const y = this.two("Mul", centred.id, rstd.id);
    this.free(mean, rstd, centred);
    return y;
  }

  /**
   * Lets `work` see inputs `[n, …, c]` as one image `[1, count, 1, n·c]`: a batch norm over it is an instance norm. It returns an
   * image of that form, which is turned back, and whatever else.
   */
  private overImages(
    inputs: readonly Output[],
    work: (ids: number[], channels: number, count: number) => Output[],
  ): Output[] {
    const { shape } = inputs[0]!;
    const [n, c, count] = [shape[0]!, channels(shape), elements(spatial(shape))];
    // One image is of that form, but for its sides.
    if (n === 1 && shape.length === 4)
      return work(
        inputs.map(({ id }) => id),
        c,
        count,
      );
    const images = inputs.map((input) => this.swapped(input, [n, count, c], [1, count, 1, n * c]));
    const [result, ...rest] = work(
      images.map(({ id }) => id),
      n * c,
      count,
    );
    this.free(...images);
    const y = this.swapped(result!, [count, n, c], shape);
    this.free(result!);
    return [y, ...rest];
  }

  /** `from` = `[a, b, c]` as `[b, a, c]`, read as `to`. */
  private swapped(x: Output, from: Shape, to: Shape): Output {
    // A reshape shares its input's memory; exchanging images and space is a copy, needed for more than one image alone.
    if (from[0] === 1 || from[1] === 1) return this.as(x, to);
    const flat = this.as(x, from);
    const turned = this.tf.run(
      "Transpose",
      [this.tf.float, this.tf.type("Tperm", "int")],
      [flat.id, this.tf.ints([1, 0, 2])],
    );
    this.free(flat);
    return this.shaped(turned, to);
  }

  /** The mean over space, `[n, 1, …, c]`. */
  private level(x: Output): Output {
    const attributes = [this.tf.float, this.tf.type("Tidx", "int"), this.tf.bool("keep_dims", true)];
    return this.tf.run("Mean", attributes, [x.id, this.tf.ints(spatial(x.shape).map((_, axis) => axis + 1))]);
  }

  /** 1/√(variance + eps). */
  private rootOfInverse(variance: Output): Output {
    const shifted = this.two("AddV2", variance.id, this.tf.filled(normEpsilon, 1));
    const result = this.one("Rsqrt", shifted);
    this.free(shifted);
    return result;
  }

  private one(name: string, x: Output): Output {
    return this.tf.run(name, [this.tf.float], [x.id]);
  }

  private two(name: string, a: number, b: number): Output {
    return this.tf.run(name, [this.tf.float], [a, b]);
  }

  /** The same numbers in another shape; x stays. */
  private as(x: Output, shape: Shape): Output {
    return this.tf.run("Reshape", this.reshape, [x.id, this.tf.ints(shape)]);
  }

  /** The same numbers in another shape, in place of x. */
  private shaped(x: Output, shape: Shape): Output {
    const result = this.as(x, shape);
    this.free(x);
    return result;
  }

  private free(...gone: readonly Output[]): void {
    this.tf.free(...gone.map(({ id }) => id));
  }
}

/** All images of a batch below each other: a reading of the same numbers. */
function tallShape([n, first, ...rest]: Shape): Shape {
  return [1, n! * first!, ...rest];
}

function perImage(shape: Shape): number[] {
  return [shape[0]!, channels(shape)];
}

/** `[n, c]` as it broadcasts over an activation of this shape. */
function perChannel(shape: Shape): number[] {
  return [shape[0]!, ...spatial(shape).map(() => 1), channels(shape)];
}
