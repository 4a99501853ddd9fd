import {
  type AdamRates,
  type AdamState,
  type BinaryOp,
  type Border,
  type Kernels,
  type Moments,
  type NormScope,
  normScopeOf,
  padAfterRelu,
  padAfterReluGradient,
  type UnaryOp,
  type ConvolutionGeometry,
} from "./kernels";
import { Ledger } from "./ledger";
import { NativeAdam } from "./nativeAdam";
import { NativeConvolution } from "./nativeConvolution";
import {
  padScratch,
  padGradientScratch,
  convFilterGradientScratch,
  convInputGradientScratch,
  convScratch,
  momentsScratch,
  normScratch,
} from "./nativeScratch";
import { NativeNorm } from "./nativeNorm";
import { NativeVolumes } from "./nativeVolumes";
import { bytesOf, channels, elements, type Shape, Tensor } from "./tensor";
import { type Attribute, type OpOutput, TensorFlow, type TensorFlowBinding } from "./tensorflow";

const unaryNames: Record<UnaryOp, string> = {
  abs: "Abs",
  exp: "Exp",
  sigmoid: "Sigmoid",
  sign: "Sign",
  softplus: "Softplus",
  square: "Square",
  tanh: "Tanh",
};

const binaryNames: Record<BinaryOp, string> = { add: "AddV2", subtract: "Sub", multiply: "Mul", maximum: "Maximum" };

/** The kernels on TensorFlow's C library, which is called through tfjs-node's binding. */
export class NativeKernels implements Kernels {
  readonly engine = "native";
  readonly mostElements = Infinity;
  readonly ledger = new Ledger();
  private readonly tf: TensorFlow;
  private readonly images: NativeConvolution;
  private readonly volumes: NativeVolumes;
  private readonly norm: NativeNorm;
  private readonly optimizer: NativeAdam;

  /**
   * @param hasOperations whether our operations (native/operations.cc) are loaded beside the binding
   * @param usesWinograd whether convolutions use Winograd's algorithm, which needs our operations
   */
  constructor(binding: TensorFlowBinding, hasOperations: boolean, usesWinograd: boolean) {
    this.tf = new TensorFlow(binding, hasOperations, usesWinograd);
    this.images = new NativeConvolution(this.tf);
    this.volumes = new NativeVolumes(this.tf, this.images);
    this.norm = new NativeNorm(this.tf);
    this.optimizer = new NativeAdam(this.tf);
  }

  tensor(values: Float32Array, shape: Shape): Tensor {
    if (values.length !== elements(shape)) throw new Error(`${values.length} values do not fill [${shape.join(", ")}]`);
    return this.own({ id: this.tf.floats(values, shape), shape });
  }

  zeros(shape: Shape): Tensor {
    const attributes = [this.tf.float, this.tf.type("index_type", "int")];
    return this.own(this.tf.run("Fill", attributes, [this.tf.ints(shape), this.tf.scalar(0)]));
  }

  read(x: Tensor): Float32Array {
    return this.tf.read(id(x));
  }

  readLater(x: Tensor): Float32Array {
    return this.read(x);
  }

  finish(): void {
    // Kernels compute before they return.
  }

  unary(op: UnaryOp, x: Tensor): Tensor {
    return this.run(unaryNames[op], [this.tf.float], x);
  }

  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor {
    const second = typeof b === "number" ? this.tf.scalar(b) : id(b);
    return this.own(this.tf.run(binaryNames[op], [this.tf.float], [id(a), second]));
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

  snap(x: Tensor, grid: number): Tensor {
    const { tf } = this;
    if (tf.hasOperations) return this.run("RevganSnap", [tf.int("grid", grid)], x);
    const scaled = this.binary("multiply", x, 2 ** grid);
    const rounded = this.run("Round", [tf.float], scaled);
    scaled.dispose();
    const snapped = this.binary("multiply", rounded, 2 ** -grid);
    rounded.dispose();
    return snapped;
  }

  mean(x: Tensor): Tensor {
    return this.own(this.reduce("Mean", id(x), range(x.shape.length)));
  }

  largest(x: Tensor): Tensor {
    if (this.tf.hasOperations) return this.run("RevganLargest", [], x);
    if (this.tf.onGpu) return this.largestByCopy(x);
    // Two reductions without a copy of x are three times as fast as one over |x|.
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
    if (sizes.reduce((sum, size) => sum + size, 0) !== channels(x.shape))
      throw new Error(`cannot split ${channels(x.shape)} channels into ${sizes.join(" + ")}`);
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

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    const y = this.convolution(x.shape).map(output(x), output(filter), geometry);
    return this.own(y, convScratch(x.shape, filter.shape, geometry, this.tf));
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    const dx = this.convolution(xShape).inputGradient(output(dy), output(filter), xShape, geometry);
    return this.own(dx, convInputGradientScratch(xShape, filter.shape, geometry, this.tf));
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    const gradient = this.convolution(x.shape).filterGradient(output(x), output(dy), filterShape, geometry);
    return this.own(gradient, convFilterGradientScratch(x.shape, filterShape, geometry, this.tf));
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.run("BiasAdd", [this.tf.float, this.tf.text("data_format", "NHWC")], x, bias);
  }

  scaleChannels(x: Tensor, scale: Tensor): Tensor {
    return this.run("Mul", [this.tf.float], x, scale);
  }

  biasGradient(dy: Tensor): Tensor {
    return this.run("BiasAddGrad", [this.tf.float, this.tf.text("data_format", "NHWC")], dy);
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    const { tf } = this;
    if (tf.hasOperations)
      return this.run("RevganPad", [...this.padding(width, border), tf.bool("rectifies", false)], x);
    return this.own(this.mirrored("MirrorPad", x, width, border), padScratch(x.shape, width, border, tf));
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    if (this.tf.hasOperations) return this.run("RevganPadGradient", this.padding(width, border), dy);
    return this.own(
      this.mirrored("MirrorPadGrad", dy, width, border),
      padGradientScratch(dy.shape, width, border, this.tf),
    );
  }

  reluPad(x: Tensor, width: number, border: Border): Tensor {
    const { tf } = this;
    if (tf.hasOperations) return this.run("RevganPad", [...this.padding(width, border), tf.bool("rectifies", true)], x);
    return padAfterRelu(this, x, width, border);
  }

  reluPadGradient(dy: Tensor, x: Tensor, width: number, border: Border): Tensor {
    if (this.tf.hasOperations) return this.run("RevganRectifiedPadGradient", this.padding(width, border), dy, x);
    return padAfterReluGradient(this, dy, x, width, border);
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    const { y, rstd } = this.norm.normalize(output(x), over);
    return { rstd: this.own(rstd), y: this.own(y, normScratch(x.shape, over, 1, this.tf)) };
  }

  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    const dx = this.norm.normalizeGradient(output(dy), output(y), output(rstd));
    return this.own(dx, normScratch(y.shape, normScopeOf(rstd, y), 2, this.tf));
  }

  moments(x: Tensor): Moments {
    const { mean, variance } = this.norm.moments(output(x));
    this.ledger.scratch(momentsScratch(x.shape));
    return { mean: this.own(mean), variance: this.own(variance) };
  }

  standardize(x: Tensor, { mean, variance }: Moments): Tensor {
    const y = this.norm.standardize(output(x), { mean: output(mean), variance: output(variance) });
    return this.own(y, momentsScratch(x.shape));
  }

  adam(state: AdamState, gradient: Tensor, rates: AdamRates): void {
    this.optimizer.step(state, id(gradient), rates);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.tf.dispose();
  }

  /** @param shape the shape of an activation */
  private convolution(shape: Shape): NativeConvolution | NativeVolumes {
    return shape.length === 5 ? this.volumes : this.images;
  }

  /** max |x| in two operations instead of four, at the cost of a copy of x: on a GPU, the launches of operations take most of the time. */
  private largestByCopy(x: Tensor): Tensor {
    const magnitudes = this.unary("abs", x);
    const largest = this.reduce("Max", id(magnitudes), range(x.shape.length));
    magnitudes.dispose();
    return this.own(largest);
  }

  /** Attributes that our padding operations take. */
  private padding(width: number, border: Border): Attribute[] {
    return [this.tf.int("width", width), this.tf.bool("replicates", border === "replicate")];
  }

  /** Pads, or computes the gradient of padding, by TensorFlow's operations MirrorPad or MirrorPadGrad. */
  private mirrored(operation: string, x: Tensor, width: number, border: Border): OpOutput {
    const { tf } = this;
    const rank = x.shape.length;
    const by = (given: OpOutput, wide: number, mode: "REFLECT" | "SYMMETRIC"): OpOutput => {
      const pads = x.shape.flatMap((_, axis) => (axis === 0 || axis === rank - 1 ? [0, 0] : [wide, wide]));
      return tf.run(
        operation,
        [tf.float, tf.type("Tpaddings", "int"), tf.text("mode", mode)],
        [given.id, tf.ints(pads, [rank, 2])],
      );
    };
    if (border === "reflect") return by(output(x), width, "REFLECT");
    // TensorFlow has no replication. Its symmetric padding by 1 repeats the edge, so `width` such paddings replicate it.
    let result = by(output(x), 1, "SYMMETRIC");
    for (let done = 1; done < width; done++) {
      const before = result;
      result = by(before, 1, "SYMMETRIC");
      tf.free(before.id);
    }
    return result;
  }

  private reduce(name: string, source: number, axes: readonly number[]): OpOutput {
    return this.tf.run(
      name,
      [this.tf.float, this.tf.type("Tidx", "int"), this.tf.bool("keep_dims", false)],
      [source, this.tf.ints(axes)],
    );
  }

  private run(name: string, attributes: readonly Attribute[], ...inputs: Tensor[]): Tensor {
    return this.own(this.tf.run(name, attributes, inputs.map(id)));
  }

  /** @param scratch bytes that were alive beside the result before the operation returned */
  private own(output: OpOutput, scratch = 0): Tensor {
    if (scratch > 0) this.ledger.scratch(scratch + bytesOf(output.shape));
    const tensor = new Tensor(output.shape, output.id, (gone) => {
      this.tf.free(id(gone));
      this.ledger.free(gone);
    });
    this.ledger.allocate(tensor);
    return tensor;
  }
}

function id(tensor: Tensor): number {
  return tensor.handle as number;
}

function output(tensor: Tensor): OpOutput {
  return { id: id(tensor), shape: tensor.shape };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
