import {
  type AdamState,
  type BinaryOp,
  type Border,
  type Kernels,
  type Moments,
  type NormScope,
  normScopeOf,
  padAfterRelu,
  type UnaryOp,
  type ConvolutionGeometry,
} from "./kernels";
import { CountingLedger } from "./countingLedger";
import { paddedShape } from "./nativeScratch";
import { type Scratch, scratchOf } from "./scratch";
import { convOutputShape } from "./sliceStacking";
import { channels, dispose, elements, type Shape, type Tensor } from "./tensor";

/**
 * Kernels that compute nothing, like PyTorch's meta device: their tensors have shapes without values and read as zeros. A step that runs
 * on them allocates the same bytes in the ledger as on an engine, and the ledger counts what would be computed.
 */
export class CountingKernels implements Kernels {
  readonly mostElements = Infinity;
  readonly ledger = new CountingLedger();
  private readonly scratch: Scratch;

  /**
   * @param engine the engine whose memory is counted: `webgpu`; `wasm`, without scratch memory inside its operations; any other name is
   *   counted as `native` on a CPU with our operations
   * @param usesWinograd whether the native engine's convolutions use Winograd's algorithm where it is faster
   */
  constructor(
    readonly engine: string,
    private readonly usesWinograd: boolean,
  ) {
    this.scratch = scratchOf(engine, usesWinograd);
  }

  /** The same kernels with a ledger of their own. */
  withOwnLedger(): CountingKernels {
    return new CountingKernels(this.engine, this.usesWinograd);
  }

  tensor(_values: Float32Array, shape: Shape): Tensor {
    return this.newTensor(shape);
  }

  zeros(shape: Shape): Tensor {
    return this.newTensor(shape);
  }

  read(x: Tensor): Float32Array {
    return new Float32Array(elements(x.shape));
  }

  readLater(x: Tensor): Float32Array {
    return this.read(x);
  }

  finish(): void {
    // There is nothing to wait for.
  }

  unary(_op: UnaryOp, x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  binary(_op: BinaryOp, a: Tensor): Tensor {
    return this.elementwise(a.shape);
  }

  relu(x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  reluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  leakyRelu(x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  leakyReluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  tanhGradient(_dy: Tensor, y: Tensor): Tensor {
    return this.elementwise(y.shape);
  }

  snap(x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  mean(x: Tensor): Tensor {
    return this.reduced(x.shape, []);
  }

  largest(x: Tensor): Tensor {
    return this.reduced(x.shape, []);
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    return sizes.map((size) => this.channelCopy([...x.shape.slice(0, -1), size]));
  }

  concat(parts: readonly Tensor[]): Tensor {
    const sum = parts.reduce((total, { shape }) => total + channels(shape), 0);
    return this.channelCopy([...parts[0]!.shape.slice(0, -1), sum]);
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    const shape = convOutputShape(x.shape, filter.shape, geometry);
    this.ledger.work.convolution("convolution", filter.shape, shape, geometry.stride);
    return this.newTensor(shape, this.scratch.conv(x.shape, filter.shape, geometry));
  }

  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    this.ledger.work.convolution("inputGradient", filter.shape, dy.shape, geometry.stride);
    return this.newTensor(xShape, this.scratch.convInputGradient(xShape, filter.shape, geometry));
  }

  convFilterGradient(x: Tensor, dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    this.ledger.work.convolution("filterGradient", filterShape, dy.shape, geometry.stride);
    return this.newTensor(filterShape, this.scratch.convFilterGradient(x.shape, filterShape, geometry));
  }

  addBias(x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  scaleChannels(x: Tensor): Tensor {
    return this.elementwise(x.shape);
  }

  biasGradient(dy: Tensor): Tensor {
    return this.reduced(dy.shape, [channels(dy.shape)], this.scratch.biasGradient(dy.shape));
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    this.ledger.work.each("pad", x.shape);
    return this.newTensor(paddedShape(x.shape, width), this.scratch.pad(x.shape, width, border));
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    this.ledger.work.each("pad", dy.shape);
    return this.newTensor(paddedShape(dy.shape, -width), this.scratch.padGradient(dy.shape, width, border));
  }

  reluPad(x: Tensor, width: number, border: Border): Tensor {
    if (this.engine !== "wasm") return this.pad(x, width, border);
    return padAfterRelu(this, x, width, border);
  }

  reluPadGradient(dy: Tensor, x: Tensor, width: number, border: Border): Tensor {
    if (this.engine !== "wasm") return this.padGradient(dy, width, border);
    const folded = this.padGradient(dy, width, border);
    // On WASM, reluGradient multiplies by a temporary tensor of x's shape, relu(sign x), which is counted here.
    const signs = this.relu(x);
    const dx = this.reluGradient(folded, x);
    dispose(folded, signs);
    return dx;
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    this.ledger.work.each("norm", x.shape);
    const rstd = this.newTensor([over === "image" ? x.shape[0]! : 1, channels(x.shape)]);
    return { rstd, y: this.newTensor(x.shape, this.scratch.norm(x.shape, over, 1)) };
  }

  normalizeGradient(_dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    this.ledger.work.each("norm", y.shape);
    return this.newTensor(y.shape, this.scratch.norm(y.shape, normScopeOf(rstd, y), 2));
  }

  moments(x: Tensor): Moments {
    this.ledger.work.each("norm", x.shape);
    const shape = [x.shape[0]!, channels(x.shape)];
    this.ledger.scratch(this.scratch.moments(x.shape));
    return { mean: this.newTensor(shape), variance: this.newTensor(shape) };
  }

  standardize(x: Tensor): Tensor {
    this.ledger.work.each("norm", x.shape);
    return this.newTensor(x.shape, this.scratch.standardize(x.shape));
  }

  adam(_state: AdamState, gradient: Tensor): void {
    this.ledger.work.each("adam", gradient.shape);
  }

  dispose(): void {
    // There are no constants to free.
  }

  private elementwise(shape: Shape): Tensor {
    this.ledger.work.each("elementwise", shape);
    return this.newTensor(shape);
  }

  private channelCopy(shape: Shape): Tensor {
    this.ledger.work.each("channelCopy", shape);
    return this.newTensor(shape);
  }

  private reduced(from: Shape, to: Shape, scratch = 0): Tensor {
    this.ledger.work.each("reduction", from);
    return this.newTensor(to, scratch);
  }

  private newTensor(shape: Shape, scratch = 0): Tensor {
    return this.ledger.newTensor(shape, scratch);
  }
}
