import {
  type AdamRates,
  type AdamState,
  type BinaryOp,
  type Border,
  type ConvolutionGeometry,
  type Kernels,
  type Moments,
  type NormScope,
  normScopeOf,
  type UnaryOp,
} from "../kernels";
import { Ledger } from "../ledger";
import { paddedShape } from "../nativeScratch";
import { convOutputShape } from "../sliceStacking";
import { channels, elements, type Shape, type Tensor } from "../tensor";
import type { Stored } from "./bufferPool";
import { ConvolutionRunner } from "./convolutionRunner";
import { DeviceTensors, gridNumbers, vectorsOf } from "./deviceTensors";
import type { Gpu } from "./gpu";
import { NormRunner } from "./normRunner";
import {
  channelSumBytes,
  convolutionPlan,
  filterGradientPlan,
  momentBytes,
  normPlan,
  partBytes,
  type ProductPlan,
} from "./plans";
import { Scalar, Scalars } from "./scalars";
import { joinTwo, perChannel, putChannels, splitInTwo, takeChannels } from "./shaders/channels";
import * as elementwise from "./shaders/elementwise";
import { partialLargest, partialsOf, partialSum } from "./shaders/reductions";
import { bitsOf, type Shader } from "./shaders/shader";
import type { Handle, Rectifier } from "./values";

/** The kernels on any GPU, by shaders of our own. A kernel returns when its work is queued or deferred; reading a tensor waits for it. */
export class WebGpuKernels implements Kernels {
  readonly engine = "webgpu";

  get mostElements(): number {
    return this.gpu.adapter.bindingBytes / 4;
  }
  readonly ledger = new Ledger();
  private readonly scalars: Scalars;
  private readonly convolutions: ConvolutionRunner;
  private readonly norms: NormRunner;
  private readonly tensors: DeviceTensors;

  constructor(readonly gpu: Gpu) {
    this.scalars = new Scalars(gpu);
    this.convolutions = new ConvolutionRunner(gpu);
    this.norms = new NormRunner(gpu);
    this.tensors = new DeviceTensors(gpu, this.ledger, this.scalars, this.convolutions);
  }

  tensor(values: Float32Array, shape: Shape): Tensor {
    if (values.length !== elements(shape)) throw new Error(`${values.length} values do not fill [${shape.join(", ")}]`);
    if (shape.length === 0) return this.tensors.own(shape, this.scalars.of(values[0]!));
    const buffer = this.tensors.take(shape);
    this.gpu.write(buffer, values);
    return this.tensors.own(shape, buffer);
  }

  zeros(shape: Shape): Tensor {
    if (shape.length === 0) return this.tensors.own(shape, this.scalars.of(0));
    return this.map(elementwise.fill, [], shape, [bitsOf(0)]);
  }

  read(x: Tensor): Float32Array {
    const handle = x.handle as Handle;
    if (handle instanceof Scalar) return Float32Array.of(handle.value);
    return this.gpu.read([{ buffer: this.tensors.stored(x), first: 0, count: elements(x.shape) }]);
  }

  readLater(x: Tensor): Float32Array {
    if (x.shape.length === 0) return this.read(x);
    return this.gpu.readLater(this.tensors.stored(x), elements(x.shape));
  }

  finish(): void {
    this.gpu.finish();
  }

  unary(op: UnaryOp, x: Tensor): Tensor {
    return this.map(elementwise.unary[op], [x], x.shape);
  }

  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor {
    const left = a.handle as Handle;
    if (typeof b === "number") {
      if (left instanceof Scalar) return this.tensors.own(a.shape, this.scalars.binary(op, left, b));
      if (op === "multiply" && b === -1)
        return this.tensors.defer(a.shape, { kind: "negated", sources: [this.tensors.stored(a)] });
      const deferred = this.tensors.deferred(a);
      if (op === "add" && deferred?.kind === "snapped")
        return this.computed(elementwise.snapAndAdd, deferred.sources, a.shape, [
          ...gridNumbers(deferred.grid),
          bitsOf(b),
        ]);
      return this.map(elementwise.withNumber[op], [a], a.shape, [bitsOf(b)]);
    }
    const right = b.handle as Handle;
    if (left instanceof Scalar && right instanceof Scalar)
      return this.tensors.own(a.shape, this.scalars.binary(op, left, right));
    return this.fused(op, a, b) ?? this.map(elementwise.binary[op], [a, b], a.shape);
  }

  relu(x: Tensor): Tensor {
    return this.leakyRelu(x, 0);
  }

  reluGradient(dy: Tensor, x: Tensor): Tensor {
    return this.leakyReluGradient(dy, x, 0);
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    const sources = [this.tensors.stored(x)] as const;
    return this.tensors.defer(x.shape, { kind: "view", sources, shape: x.shape, rectifier: { slope }, padding: null });
  }

  leakyReluGradient(dy: Tensor, x: Tensor, slope: number): Tensor {
    const sources = [this.tensors.stored(dy), this.tensors.stored(x)] as const;
    return this.tensors.defer(x.shape, { kind: "masked", sources, rectifier: { slope } });
  }

  tanhGradient(dy: Tensor, y: Tensor): Tensor {
    return this.map(elementwise.tanhGradient, [dy, y], y.shape);
  }

  snap(x: Tensor, grid: number): Tensor {
    return this.tensors.defer(x.shape, { kind: "snapped", sources: [this.tensors.stored(x)], grid });
  }

  mean(x: Tensor): Tensor {
    const count = elements(x.shape);
    return this.reduced(partialSum, x, (sums) => Math.fround(sums.reduce((sum, value) => sum + value, 0) / count));
  }

  largest(x: Tensor): Tensor {
    const known = this.tensors.largestOf(x);
    if (known !== null) return this.tensors.own([], known);
    return this.reduced(partialLargest, x, (values) => Math.max(...values));
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    if (sizes.reduce((sum, size) => sum + size, 0) !== channels(x.shape))
      throw new Error(`cannot split ${channels(x.shape)} channels into ${sizes.join(" + ")}`);
    const { isVector, lane } = lanesOf(channels(x.shape), ...sizes);
    const source = this.tensors.stored(x);
    const parts = sizes.map((size) =>
      this.tensors.own(x.shape.with(-1, size), this.tensors.take(x.shape.with(-1, size))),
    );
    const buffers = parts.map((part) => this.tensors.stored(part));
    if (sizes.length === 2)
      this.gpu.runEach(splitInTwo(isVector), [source, ...buffers], lane(elements(x.shape)), sizes.map(lane));
    else {
      let first = 0;
      for (const [i, size] of sizes.entries()) {
        const numbers = [lane(size), lane(channels(x.shape)), lane(first)];
        this.gpu.runEach(takeChannels(isVector), [source, buffers[i]!], lane(elements(parts[i]!.shape)), numbers);
        first += size;
      }
    }
    return parts;
  }

  concat(parts: readonly Tensor[]): Tensor {
    const sizes = parts.map(({ shape }) => channels(shape));
    const sum = sizes.reduce((total, size) => total + size, 0);
    const shape = parts[0]!.shape.with(-1, sum);
    const { isVector, lane } = lanesOf(...sizes);
    const sources = parts.map((part) => this.tensors.stored(part));
    const y = this.tensors.take(shape);
    if (parts.length === 2)
      this.gpu.runEach(joinTwo(isVector), [...sources, y], lane(elements(shape)), sizes.map(lane));
    else {
      let first = 0;
      for (const [i, size] of sizes.entries()) {
        const numbers = [lane(size), lane(sum), lane(first)];
        this.gpu.runEach(putChannels(isVector), [sources[i]!, y], lane(elements(parts[i]!.shape)), numbers);
        first += size;
      }
    }
    return this.tensors.own(shape, y);
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    const plan = convolutionPlan(x.shape, filter.shape, geometry);
    const shape = convOutputShape(x.shape, filter.shape, geometry);
    const input = this.tensors.viewOf(x);
    const weights = this.tensors.stored(filter);
    const to = this.takeParts(shape, plan);
    this.convolutions.map(input, weights, filter.shape, shape, geometry, plan, to);
    return plan.parts === 1 ? this.tensors.own(shape, to) : this.sumOfParts(shape, plan, to);
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    const [gradient, weights] = [this.tensors.stored(dy), this.tensors.stored(filter)];
    const dx = this.tensors.take(xShape);
    this.convolutions.inputGradient(gradient, dy.shape, weights, filter.shape, xShape, geometry, dx);
    return this.tensors.own(xShape, dx);
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    const plan = filterGradientPlan(x.shape, filterShape, geometry);
    const input = this.tensors.viewOf(x);
    const gradient = this.tensors.stored(dy);
    const run = (base: Stored | null, to: Stored): void =>
      this.convolutions.filterGradient(input, gradient, dy.shape, filterShape, geometry, plan, base, to);
    if (plan.parts === 1)
      return this.tensors.defer(filterShape, { kind: "addend", sources: [input.sources[0], gradient], run });
    const to = this.takeParts(filterShape, plan);
    run(null, to);
    return this.sumOfParts(filterShape, plan, to);
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.perChannel("+", x, bias);
  }

  scaleChannels(x: Tensor, scale: Tensor): Tensor {
    return this.perChannel("*", x, scale);
  }

  biasGradient(dy: Tensor): Tensor {
    const gradient = this.tensors.stored(dy);
    const shape = [channels(dy.shape)];
    const sums = this.tensors.take(shape);
    this.norms.channelSums(gradient, dy.shape, sums);
    return this.tensors.own(shape, sums, channelSumBytes(dy.shape));
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    return this.padded(x, width, border, null);
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    return this.folded(dy, [], width, border);
  }

  reluPad(x: Tensor, width: number, border: Border): Tensor {
    return this.padded(x, width, border, { slope: 0 });
  }

  reluPadGradient(dy: Tensor, x: Tensor, width: number, border: Border): Tensor {
    return this.folded(dy, [x], width, border);
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    const plan = normPlan(x.shape, over);
    const source = this.tensors.stored(x);
    const rstdShape = [plan.groups, channels(x.shape)];
    const rstd = this.tensors.own(rstdShape, this.tensors.take(rstdShape));
    const y = this.tensors.take(x.shape);
    this.norms.normalize(source, x.shape, plan, y, this.tensors.stored(rstd));
    return { rstd, y: this.tensors.own(x.shape, y, plan.scratch) };
  }

  normalizeGradient(dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    const plan = normPlan(y.shape, normScopeOf(rstd, y));
    const [output, scale] = [this.tensors.stored(y), this.tensors.stored(rstd)];
    const made = this.tensors.onTheWay(dy, (deferred) => {
      if (!this.norms.takesGradient(plan, deferred, output)) return null;
      const dx = this.tensors.take(y.shape);
      this.norms.deferredGradient(deferred, output, scale, y.shape, plan, dx);
      return this.tensors.own(y.shape, dx, plan.scratch);
    });
    if (made !== null) return made;
    const gradient = this.tensors.stored(dy);
    const dx = this.tensors.take(y.shape);
    this.norms.normalizeGradient(gradient, { factor: 1, rectifier: null }, output, scale, y.shape, plan, dx);
    return this.tensors.own(y.shape, dx, plan.scratch);
  }

  moments(x: Tensor): Moments {
    const source = this.tensors.stored(x);
    const shape = [x.shape[0]!, channels(x.shape)];
    const [mean, variance] = [this.tensors.take(shape), this.tensors.take(shape)];
    this.norms.moments(source, x.shape, mean, variance);
    this.ledger.scratch(momentBytes(x.shape));
    return { mean: this.tensors.own(shape, mean), variance: this.tensors.own(shape, variance) };
  }

  standardize(x: Tensor, { mean, variance }: Moments): Tensor {
    const sources = [x, mean, variance].map((each) => this.tensors.stored(each));
    const y = this.tensors.take(x.shape);
    this.norms.standardize(sources, x.shape, mean.shape[0]!, y);
    return this.tensors.own(x.shape, y);
  }

  adam(state: AdamState, gradient: Tensor, { step, learningRate, beta1, beta2, epsilon }: AdamRates): void {
    // A deferred value may read a parameter that Adam changes here, so it is computed first.
    this.tensors.settle();
    const correction = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction) / (1 - beta1 ** step);
    const numbers = [beta1, 1 - beta1, beta2, 1 - beta2, rate, epsilon * correction].map(bitsOf);
    const buffers = [gradient, state.value, state.m, state.v].map((each) => this.tensors.stored(each));
    this.gpu.runEach(elementwise.adam, buffers, vectorsOf(gradient.shape), numbers);
  }

  dispose(): void {
    this.gpu.flush();
  }

  /** A sum or difference that computes a deferred operand in the same dispatch; null if that is not possible. */
  private fused(op: BinaryOp, a: Tensor, b: Tensor): Tensor | null {
    if (op !== "add" && op !== "subtract") return null;
    return this.tensors.plusSnapped(op, a, b) ?? (op === "add" ? this.tensors.sum(a, b) : null);
  }

  /** A buffer for a product or, if it has several parts, for the results of the parts. */
  private takeParts(shape: Shape, { parts, partSize }: ProductPlan): Stored {
    return parts === 1 ? this.tensors.take(shape) : this.tensors.take(shape, 4 * parts * partSize);
  }

  /** The sum of a product's parts, as a deferred tensor that takes over the parts' buffer. */
  private sumOfParts(shape: Shape, plan: ProductPlan, source: Stored): Tensor {
    const run = (base: Stored | null, to: Stored): void => {
      const { alone, onto } = elementwise.sumParts;
      const [shader, buffers] = base === null ? [alone, [source, to]] : [onto, [source, base, to]];
      this.gpu.runEach(shader, buffers, vectorsOf(shape), [plan.parts]);
    };
    return this.tensors.own(shape, { kind: "addend", sources: [source], run }, partBytes(plan));
  }

  /** The gradient of padding. @param pictures the picture if it was rectified before it was padded, else empty */
  private folded(dy: Tensor, pictures: readonly Tensor[], width: number, border: Border): Tensor {
    const [gradient, ...others] = [dy, ...pictures].map((each) => this.tensors.stored(each));
    return this.tensors.defer(paddedShape(dy.shape, -width), {
      kind: "folded",
      sources: [gradient!, ...others],
      shape: dy.shape,
      width,
      border,
      rectified: others.length > 0,
    });
  }

  private padded(x: Tensor, width: number, border: Border, rectifier: Rectifier): Tensor {
    const sides = x.shape.slice(1, -1);
    if (border === "reflect" && sides.some((side) => side <= width))
      throw new Error(`a border of ${width} is longer than what is reflected of [${x.shape.join(", ")}]`);
    const deferred = {
      kind: "view",
      sources: [this.tensors.stored(x)],
      shape: x.shape,
      rectifier,
      padding: { width, border },
    } as const;
    return this.tensors.defer(paddedShape(x.shape, width), deferred);
  }

  private perChannel(operator: "+" | "*", x: Tensor, numbers: Tensor): Tensor {
    const { isVector, lane } = lanesOf(channels(x.shape));
    const sources = [this.tensors.stored(x), this.tensors.stored(numbers)];
    const y = this.tensors.take(x.shape);
    this.gpu.runEach(perChannel(operator, isVector), [...sources, y], lane(elements(x.shape)), [
      lane(channels(x.shape)),
    ]);
    return this.tensors.own(x.shape, y);
  }

  private reduced(shader: Shader, x: Tensor, finish: (values: Float32Array) => number): Tensor {
    const source = this.tensors.stored(x);
    const [count, partials] = [elements(x.shape), partialsOf(elements(x.shape))];
    const run = (buffer: Stored, first: number): void =>
      this.gpu.run(shader, [source, buffer], [count, partials, first], [partials, 1, 1]);
    return this.tensors.own([], this.scalars.reduced(partials, run, finish));
  }

  /** Runs a shader with a thread for every four elements, on tensors of one shape. */
  private map(shader: Shader, inputs: readonly Tensor[], shape: Shape, numbers: readonly number[] = []): Tensor {
    const sources = inputs.map((input) => this.tensors.stored(input));
    return this.computed(shader, sources, shape, numbers);
  }

  private computed(shader: Shader, sources: readonly Stored[], shape: Shape, numbers: readonly number[]): Tensor {
    const y = this.tensors.take(shape);
    this.gpu.runEach(shader, [...sources, y], vectorsOf(shape), numbers);
    return this.tensors.own(shape, y);
  }
}

/**
 * Whether all these numbers of channels are multiples of 4, so that shaders work on vec4s; and `lane`, which converts a number of elements
 * to a number of vec4s in that case.
 */
function lanesOf(...sizes: readonly number[]): { isVector: boolean; lane: (count: number) => number } {
  const isVector = sizes.every((size) => size % 4 === 0);
  return { isVector, lane: (count) => (isVector ? count / 4 : count) };
}
