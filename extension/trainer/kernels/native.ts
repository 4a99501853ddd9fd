import { type AdamRates, type AdamState, type BinaryOp, type Kernels, type Moments, normEpsilon, type UnaryOp, type Window } from "./kernels";
import { Ledger } from "./ledger";
import { NativeAdam } from "./nativeAdam";
import { NativeConvolution } from "./nativeConvolution";
import { bytesOf, channels, elements, type Shape, spatial, Tensor } from "./tensor";
import { type Attribute, type Output, TensorFlow, type TensorFlowBinding } from "./tensorflow";

const unaryNames: Record<UnaryOp, string> = {
  abs: "Abs",
  exp: "Exp",
  round: "Round",
  sigmoid: "Sigmoid",
  sign: "Sign",
  softplus: "Softplus",
  square: "Square",
  tanh: "Tanh",
};

const binaryNames: Record<BinaryOp, string> = { add: "AddV2", subtract: "Sub", multiply: "Mul", maximum: "Maximum" };

/** The kernels as TensorFlow operations. */
export class NativeKernels implements Kernels {
  readonly engine = "native";
  readonly ledger = new Ledger();
  private readonly tf: TensorFlow;
  private readonly convolution: NativeConvolution;
  private readonly optimizer: NativeAdam;

  constructor(binding: TensorFlowBinding) {
    this.tf = new TensorFlow(binding);
    this.convolution = new NativeConvolution(this.tf, this.ledger);
    this.optimizer = new NativeAdam(this.tf);
  }

  tensor(values: Float32Array, shape: Shape): Tensor {
    if (values.length !== elements(shape)) throw new Error(`${values.length} values do not fill [${shape.join(", ")}]`);
    return this.own({ id: this.tf.floats(values, shape), shape });
  }

  read(x: Tensor): Float32Array {
    return this.tf.read(id(x));
  }

  unary(op: UnaryOp, x: Tensor): Tensor {
    return this.run(unaryNames[op], [this.tf.float], x);
  }

  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor {
    const name = binaryNames[op];
    if (typeof b !== "number") return this.run(name, [this.tf.float], a, b);
    return this.tf.withScalar(b, (scalar) => this.own(this.tf.run(name, [this.tf.float], [id(a), scalar])));
  }

  relu(x: Tensor): Tensor {
    return this.run("Relu", [this.tf.float], x);
  }

  reluGradient(dy: Tensor, x: Tensor): Tensor {
    return this.run("ReluGrad", [this.tf.float], dy, x);
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    return this.run("LeakyRelu", [this.tf.float, this.tf.number("alpha", slope)], x);
  }

  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor {
    return this.run("LeakyReluGrad", [this.tf.float, this.tf.number("alpha", slope)], dy, x);
  }

  tanhGradient(dy: Tensor, y: Tensor): Tensor {
    return this.run("TanhGrad", [this.tf.float], y, dy);
  }

  mean(x: Tensor): Tensor {
    return this.own(this.reduce("Mean", id(x), range(x.shape.length)));
  }

  largest(x: Tensor): Tensor {
    // Two reductions that make no copy of x are three times as fast as one over |x|.
    const axes = range(x.shape.length);
    const top = this.reduce("Max", id(x), axes).id;
    const bottom = this.reduce("Min", id(x), axes).id;
    const depth = this.tf.run("Neg", [this.tf.float], [bottom]).id;
    const largest = this.tf.run("Maximum", [this.tf.float], [top, depth]);
    this.tf.free(top, bottom, depth);
    return this.own(largest);
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    const space = x.shape.slice(0, -1);
    if (sizes.reduce((sum, size) => sum + size, 0) !== channels(x.shape)) throw new Error(`cannot split ${channels(x.shape)} channels into ${sizes.join(" + ")}`);
    const attributes = [this.tf.float, this.tf.type("Index", "int")];
    let first = 0;
    return sizes.map((size) => {
      const start = [...space.map(() => 0), first];
      first += size;
      return this.own(this.tf.run("Slice", attributes, [id(x), this.tf.ints(start), this.tf.ints([...space, size])]));
    });
  }

  concat(parts: readonly Tensor[]): Tensor {
    const attributes = [this.tf.float, this.tf.type("Tidx", "int"), this.tf.int("N", parts.length)];
    const axis = this.tf.ints([parts[0]!.shape.length - 1], []);
    return this.own(this.tf.run("ConcatV2", attributes, [...parts.map(id), axis]));
  }

  conv(x: Tensor, filter: Tensor, window: Window): Tensor {
    return this.own(this.convolution.map(output(x), output(filter), window));
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, window: Window): Tensor {
    return this.own(this.convolution.inputGradient(output(dy), output(filter), xShape, window));
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, window: Window): Tensor {
    return this.own(this.convolution.filterGradient(output(x), output(dy), filterShape, window));
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.run("BiasAdd", [this.tf.float, this.tf.text("data_format", "NHWC")], x, bias);
  }

  biasGradient(dy: Tensor): Tensor {
    return this.run("BiasAddGrad", [this.tf.float, this.tf.text("data_format", "NHWC")], dy);
  }

  reflectPad(x: Tensor, width: number): Tensor {
    // TensorFlow's own MirrorPad reckons a place for every number: gathering whole pixels is three times as fast.
    const { tf } = this;
    const attributes = [tf.type("Tparams", "float"), tf.type("Tindices", "int"), tf.type("Taxis", "int"), tf.int("batch_dims", 0)];
    let here = output(x);
    // The first axis comes last: whole rows are copied fastest.
    for (let axis = x.shape.length - 2; axis >= 1; axis--) {
      const next = tf.run("GatherV2", attributes, [here.id, this.mirrored(here.shape[axis]!, width), tf.ints([axis], [])]);
      if (here.id !== id(x)) {
        this.ledger.passing(bytesOf(here.shape) + bytesOf(next.shape));
        tf.free(here.id);
      }
      here = next;
    }
    return this.own(here);
  }

  reflectPadGradient(dy: Tensor, width: number): Tensor {
    const rank = dy.shape.length;
    const pads = dy.shape.flatMap((_, axis) => (axis === 0 || axis === rank - 1 ? [0, 0] : [width, width]));
    const attributes = [this.tf.float, this.tf.type("Tpaddings", "int"), this.tf.text("mode", "REFLECT")];
    return this.own(this.tf.run("MirrorPadGrad", attributes, [id(dy), this.tf.ints(pads, [rank, 2])]));
  }

  normalize(x: Tensor): { y: Tensor; rstd: Tensor } {
    return this.overImages(x.shape, [x], ([image], folded) => {
      const c = channels(folded);
      const [y, mean, variance, ...rest] = this.tf.runMany(
        "FusedBatchNormV3",
        [...this.normAttributes(), this.tf.number("exponential_avg_factor", 1)],
        [image!, this.tf.filled(1, c), this.tf.filled(0, c), this.tf.filled(0, 0), this.tf.filled(0, 0)],
        6,
      );
      // TensorFlow reports the unbiased variance; the norm itself divides by the biased one.
      const count = elements(spatial(folded));
      const rstd = this.rstd(variance!.id, count > 1 ? (count - 1) / count : 1);
      this.tf.free(mean!.id, variance!.id, ...rest.map((output) => output.id));
      return { y: y!, rest: { rstd: this.own({ id: rstd, shape: [x.shape[0]!, channels(x.shape)] }) } };
    });
  }

  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    return this.overImages(y.shape, [dy, y], ([gradient, image], folded) => {
      // The gradient of a norm whose input was y, of mean 0 and variance 1, scaled by what the true input was divided by:
      // so the input need not be kept.
      const c = channels(folded);
      const scale = this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [id(rstd), this.tf.ints([c])]).id;
      const [dx, ...rest] = this.tf.runMany(
        "FusedBatchNormGradV3",
        this.normAttributes(),
        [gradient!, image!, scale, this.tf.filled(0, c), this.tf.filled(1 - normEpsilon, c), this.tf.filled(0, 0)],
        5,
      );
      this.tf.free(scale, ...rest.map((output) => output.id));
      return { y: dx!, rest: {} };
    }).y;
  }

  moments(x: Tensor): Moments {
    const axes = range(x.shape.length).slice(1, -1);
    const mean = this.reduce("Mean", id(x), axes, true).id;
    const squares = this.tf.run("SquaredDifference", [this.tf.float], [id(x), mean]).id;
    this.ledger.passing(bytesOf(x.shape));
    const shape = [x.shape[0]!, channels(x.shape)];
    const variance = this.reduce("Mean", squares, axes).id;
    const flat = this.tf.run("Reshape", [this.tf.float, this.tf.type("Tshape", "int")], [mean, this.tf.ints(shape)]).id;
    this.tf.free(squares, mean);
    return { mean: this.own({ id: flat, shape }), variance: this.own({ id: variance, shape }) };
  }

  standardize(x: Tensor, moments: Moments): Tensor {
    const shape = [x.shape[0]!, ...spatial(x.shape).map(() => 1), channels(x.shape)];
    const reshape = [this.tf.float, this.tf.type("Tshape", "int")];
    const mean = this.tf.run("Reshape", reshape, [id(moments.mean), this.tf.ints(shape)]).id;
    const rstd = this.rstd(id(moments.variance), 1);
    const scale = this.tf.run("Reshape", reshape, [rstd, this.tf.ints(shape)]).id;
    const centred = this.tf.run("Sub", [this.tf.float], [id(x), mean]).id;
    this.ledger.passing(bytesOf(x.shape));
    const y = this.tf.run("Mul", [this.tf.float], [centred, scale]);
    this.tf.free(mean, rstd, scale, centred);
    return this.own(y);
  }

  adam(state: AdamState, gradient: Tensor, rates: AdamRates): void {
    this.optimizer.step(state, id(gradient), rates);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.tf.dispose();
  }

  /** Lets `work` see `[n, …, c]` as one image `[1, a, b, n·c]`: a batch norm over it is an instance norm. */
  private overImages<R extends object>(
    shape: Shape,
    inputs: readonly Tensor[],
    work: (ids: number[], folded: Shape) => { y: Output; rest: R },
  ): { y: Tensor } & R {
    const n = shape[0]!;
    const c = channels(shape);
    const space = elements(spatial(shape));
    const reshape = [this.tf.float, this.tf.type("Tshape", "int")];
    const as = (source: number, sizes: Shape): number => this.tf.run("Reshape", reshape, [source, this.tf.ints(sizes)]).id;
    const turn = (source: number): number => this.tf.run("Transpose", [this.tf.float, this.tf.type("Tperm", "int")], [source, this.tf.ints([1, 0, 2])]).id;
    const folded = [1, space, 1, n * c];
    const swapped = (source: number, from: Shape, to: Shape): number => {
      // A reshape shares its input's memory; exchanging images and space is a copy, needed for more than one image alone.
      if (n === 1) return as(source, to);
      const flat = as(source, from);
      const turned = turn(flat);
      const result = as(turned, to);
      this.tf.free(flat, turned);
      return result;
    };
    const ids = inputs.map((input) => swapped(id(input), [n, space, c], folded));
    const { y, rest } = work(ids, folded);
    // The copies of all inputs and the result, which is still to be turned back, are alive together.
    if (n > 1) this.ledger.passing((inputs.length + 1) * bytesOf(shape));
    this.tf.free(...ids);
    const result = swapped(y.id, [space, n, c], shape);
    this.tf.free(y.id);
    return { y: this.own({ id: result, shape }), ...rest };
  }

  /** 1/√(factor · variance + eps). */
  private rstd(variance: number, factor: number): number {
    return this.tf.withScalar(factor, (f) =>
      this.tf.withScalar(normEpsilon, (eps) => {
        const biased = this.tf.run("Mul", [this.tf.float], [variance, f]).id;
        const shifted = this.tf.run("AddV2", [this.tf.float], [biased, eps]).id;
        const result = this.tf.run("Rsqrt", [this.tf.float], [shifted]).id;
        this.tf.free(biased, shifted);
        return result;
      }),
    );
  }

  /** Where each element of an axis comes from that `width` more were mirrored onto at both ends. */
  private mirrored(length: number, width: number): number {
    return this.tf.constantInts(`mirrored:${length}:${width}`, () =>
      Array.from({ length: length + 2 * width }, (_, i) => length - 1 - Math.abs(length - 1 - Math.abs(i - width))),
    );
  }

  private reduce(name: string, source: number, axes: readonly number[], keep = false): Output {
    return this.tf.run(name, [this.tf.float, this.tf.type("Tidx", "int"), this.tf.bool("keep_dims", keep)], [source, this.tf.ints(axes)]);
  }

  private normAttributes(): Attribute[] {
    const { tf } = this;
    return [tf.float, tf.type("U", "float"), tf.number("epsilon", normEpsilon), tf.text("data_format", "NHWC"), tf.bool("is_training", true)];
  }

  private run(name: string, attributes: readonly Attribute[], ...inputs: Tensor[]): Tensor {
    return this.own(this.tf.run(name, attributes, inputs.map(id)));
  }

  private own(output: Output): Tensor {
    const tensor = new Tensor(output.shape, output.id, (gone) => {
      this.tf.free(id(gone));
      this.ledger.leave(gone);
    });
    this.ledger.enter(tensor);
    return tensor;
  }
}

function id(tensor: Tensor): number {
  return tensor.handle as number;
}

function output(tensor: Tensor): Output {
  return { id: id(tensor), shape: tensor.shape };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
