import { type NormScope, normEpsilon, normScopeOf } from "./kernels";
import { channels, elements, type Shape, spatial } from "./tensor";
import type { Attribute, OpOutput, TensorFlow } from "./tensorflow";

/**
 * Instance and batch norms in TensorFlow, by our operations or, without them, by TensorFlow's fused batch norm. A batch norm is computed as
 * the instance norm of one image, in which all images of the batch lie below each other. Without our operations, an instance norm is
 * computed as the fused batch norm of one image, in which the channels of all images lie side by side.
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
  normalize(x: OpOutput, over: NormScope): { y: OpOutput; rstd: OpOutput } {
    if (over === "image" || x.shape[0] === 1) return this.normalizeEach(x);
    const tall = this.as(x, tallShape(x.shape));
    const { y, rstd } = this.normalizeEach(tall);
    this.free(tall);
    return { y: this.shaped(y, x.shape), rstd };
  }

  private normalizeEach(x: OpOutput): { y: OpOutput; rstd: OpOutput } {
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
      ) as [OpOutput, OpOutput, OpOutput, OpOutput, OpOutput, OpOutput];
      if (this.tf.onGpu) {
        // On a GPU, the operation saves rstd for its gradient, as `[n · c]`. It is returned under the shape `[n, c]` without a reshape,
        // which would cost a launch: only the gradient reads it.
        this.free(mean, variance, savedMean, space);
        return [normal, { id: saved.id, shape: perImage(x.shape) }];
      }
      // TensorFlow returns the unbiased variance but divides by the biased one.
      const biased = this.two("Mul", variance.id, this.tf.filled(count > 1 ? (count - 1) / count : 1, 1));
      const scale = this.shaped(this.rootOfInverse(biased), perImage(x.shape));
      this.free(mean, variance, biased, savedMean, saved, space);
      return [normal, scale];
    });
    return { y: y!, rstd: rstd! };
  }

  /** The gradient by the input of {@link normalize}, from its output. */
  normalizeGradient(dy: OpOutput, y: OpOutput, rstd: OpOutput): OpOutput {
    if (normScopeOf(rstd, y) === "image") return this.gradientOfEach(dy, y, rstd);
    const [tallDy, tallY] = [this.as(dy, tallShape(y.shape)), this.as(y, tallShape(y.shape))];
    const dx = this.gradientOfEach(tallDy, tallY, rstd);
    this.free(tallDy, tallY);
    return this.shaped(dx, y.shape);
  }

  private gradientOfEach(dy: OpOutput, y: OpOutput, rstd: OpOutput): OpOutput {
    if (this.tf.hasOperations) return this.tf.run("RevganNormalizeGradient", [], [dy.id, y.id, rstd.id]);
    const [dx] = this.overImages([dy, y], ([gradient, normal], c) => {
      // The gradient of a norm with y as its input (mean 0, variance 1) and rstd as its scale equals the gradient by x, so x need not
      // be saved.
      const scale = this.tf.onGpu ? rstd : this.as(rstd, [c]);
      // The gradient operation expects what a forward pass with y as its input would have saved: on a CPU the variance, to which eps is
      // then added, on a GPU 1/√(variance + eps).
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
  moments(x: OpOutput): { mean: OpOutput; variance: OpOutput } {
    const mean = this.level(x);
    const squares = this.two("SquaredDifference", x.id, mean.id);
    const variance = this.level(squares);
    this.free(squares);
    return { mean: this.shaped(mean, perImage(x.shape)), variance: this.shaped(variance, perImage(x.shape)) };
  }

  /** (x − mean) / √(variance + eps). */
  standardize(x: OpOutput, moments: { mean: OpOutput; variance: OpOutput }): OpOutput {
    const levels = perChannel(x.shape);
    const mean = this.as(moments.mean, levels);
    const rstd = this.shaped(this.rootOfInverse(moments.variance), levels);
    const centred = this.two("Sub", x.id, mean.id);
    const y = this.two("Mul", centred.id, rstd.id);
    this.free(mean, rstd, centred);
    return y;
  }

  /**
   * Runs `work` on inputs `[n, …, c]` reshaped to one image `[1, count, 1, n·c]`, whose batch norm is the instance norm. The first result
   * of `work`, of that shape, is reshaped back; its other results are returned as they are.
   */
  private overImages(
    inputs: readonly OpOutput[],
    work: (ids: number[], channels: number, count: number) => OpOutput[],
  ): OpOutput[] {
    const { shape } = inputs[0]!;
    const [n, c, count] = [shape[0]!, channels(shape), elements(spatial(shape))];
    // For one image the batch norm is the instance norm already.
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

  /** Reshapes x to `from` = `[a, b, c]`, transposes it to `[b, a, c]` and reshapes that to `to`. */
  private swapped(x: OpOutput, from: Shape, to: Shape): OpOutput {
    // With a side of 1 the transpose is a reshape, which shares its input's memory.
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

  /** The mean over the spatial axes, `[n, 1, …, c]`. */
  private level(x: OpOutput): OpOutput {
    const attributes = [this.tf.float, this.tf.type("Tidx", "int"), this.tf.bool("keep_dims", true)];
    return this.tf.run("Mean", attributes, [x.id, this.tf.ints(spatial(x.shape).map((_, axis) => axis + 1))]);
  }

  /** 1/√(variance + eps). */
  private rootOfInverse(variance: OpOutput): OpOutput {
    const shifted = this.two("AddV2", variance.id, this.tf.filled(normEpsilon, 1));
    const result = this.one("Rsqrt", shifted);
    this.free(shifted);
    return result;
  }

  private one(name: string, x: OpOutput): OpOutput {
    return this.tf.run(name, [this.tf.float], [x.id]);
  }

  private two(name: string, a: number, b: number): OpOutput {
    return this.tf.run(name, [this.tf.float], [a, b]);
  }

  /** Reshapes x. */
  private as(x: OpOutput, shape: Shape): OpOutput {
    return this.tf.run("Reshape", this.reshape, [x.id, this.tf.ints(shape)]);
  }

  /** Reshapes x and frees it. */
  private shaped(x: OpOutput, shape: Shape): OpOutput {
    const result = this.as(x, shape);
    this.free(x);
    return result;
  }

  private free(...gone: readonly OpOutput[]): void {
    this.tf.free(...gone.map(({ id }) => id));
  }
}

/** The shape of one image in which all images of a batch lie below each other: the same bytes, so a reshape suffices. */
function tallShape([n, first, ...rest]: Shape): Shape {
  return [1, n! * first!, ...rest];
}

function perImage(shape: Shape): number[] {
  return [shape[0]!, channels(shape)];
}

/** The shape in which statistics `[n, c]` broadcast over an activation of this shape. */
function perChannel(shape: Shape): number[] {
  return [shape[0]!, ...spatial(shape).map(() => 1), channels(shape)];
}
