import {
  type BinaryOp,
  type Border,
  type Kernels,
  type Moments,
  type NormScope,
  normScopeOf,
  type UnaryOp,
  type ConvolutionGeometry,
} from "./kernels";
import { CountingLedger } from "./countingLedger";
import {
  padScratch,
  padGradientScratch,
  type Device,
  convFilterGradientScratch,
  expandSpatial,
  convInputGradientScratch,
  convScratch,
  momentsScratch,
  normScratch,
} from "./nativeScratch";
import { convOutputShape } from "./sliceStacking";
import { channels, elements, type Shape, type Tensor } from "./tensor";

/** The native engine's scratch is counted as it is on a CPU with our operations. */
const cpu: Device = { onGpu: false, hasOperations: true };

/**
 * Kernels that compute nothing, like PyTorch's meta device: their tensors have shapes without values and read as zeros. A step that runs
 * on them allocates the same bytes in the ledger as on an engine.
 */
export class CountingKernels implements Kernels {
  readonly ledger = new CountingLedger();

  /** @param engine whose memory is counted: `wasm`, without scratch inside an operation; any other name is counted as `native` */
  constructor(readonly engine: string) {}

  tensor(_values: Float32Array, shape: Shape): Tensor {
    return this.newTensor(shape);
  }

  read(x: Tensor): Float32Array {
    return new Float32Array(elements(x.shape));
  }

  unary(_op: UnaryOp, x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  binary(_op: BinaryOp, a: Tensor): Tensor {
    return this.newTensor(a.shape);
  }

  relu(x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  reluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  leakyRelu(x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  leakyReluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  tanhGradient(_dy: Tensor, y: Tensor): Tensor {
    return this.newTensor(y.shape);
  }

  snap(x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  mean(): Tensor {
    return this.newTensor([]);
  }

  largest(): Tensor {
    return this.newTensor([]);
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    return sizes.map((size) => this.newTensor([...x.shape.slice(0, -1), size]));
  }

  concat(parts: readonly Tensor[]): Tensor {
    const sum = parts.reduce((total, { shape }) => total + channels(shape), 0);
    return this.newTensor([...parts[0]!.shape.slice(0, -1), sum]);
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    return this.newTensor(
      convOutputShape(x.shape, filter.shape, geometry),
      convScratch(x.shape, filter.shape, geometry, cpu),
    );
  }

  convInputGradient(_dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.newTensor(xShape, convInputGradientScratch(xShape, filter.shape, geometry, cpu));
  }

  convFilterGradient(x: Tensor, _dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.newTensor(filterShape, convFilterGradientScratch(x.shape, filterShape, geometry, cpu));
  }

  addBias(x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  scaleChannels(x: Tensor): Tensor {
    return this.newTensor(x.shape);
  }

  biasGradient(dy: Tensor): Tensor {
    return this.newTensor([channels(dy.shape)]);
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    return this.newTensor(expandSpatial(x.shape, width), padScratch(x.shape, width, border, cpu));
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    return this.newTensor(expandSpatial(dy.shape, -width), padGradientScratch(dy.shape, width, border, cpu));
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    const rstd = this.newTensor([over === "image" ? x.shape[0]! : 1, channels(x.shape)]);
    return { rstd, y: this.newTensor(x.shape, normScratch(x.shape, over, 1, cpu)) };
  }

  normalizeGradient(_dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    return this.newTensor(y.shape, normScratch(y.shape, normScopeOf(rstd, y), 2, cpu));
  }

  moments(x: Tensor): Moments {
    const shape = [x.shape[0]!, channels(x.shape)];
    if (this.engine !== "wasm") this.ledger.scratch(momentsScratch(x.shape));
    return { mean: this.newTensor(shape), variance: this.newTensor(shape) };
  }

  standardize(x: Tensor): Tensor {
    return this.newTensor(x.shape, momentsScratch(x.shape));
  }

  adam(): void {
    // In place.
  }

  dispose(): void {
    // There are no constants to free.
  }

  private newTensor(shape: Shape, scratch = 0): Tensor {
    return this.ledger.newTensor(shape, this.engine === "wasm" ? 0 : scratch);
  }
}
