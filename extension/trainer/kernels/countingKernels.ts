import {
  type BinaryOp,
  type Border,
  type Kernels,
  type Moments,
  type NormScope,
  scopeOf,
  type UnaryOp,
  type ConvolutionGeometry,
} from "./kernels";
import { CountingLedger } from "./countingLedger";
import {
  borderCopies,
  borderGradientCopies,
  type Device,
  filterGradientCopies,
  grown,
  inputGradientCopies,
  mapCopies,
  momentsCopies,
  normCopies,
} from "./nativeScratch";
import { convolvedShape } from "./sliceStacking";
import { channels, elements, type Shape, type Tensor } from "./tensor";

/** Where the native engine's copies are counted: on a processor, with our operations. */
const processor: Device = { onGpu: false, hasOperations: true };

/**
 * Kernels that compute nothing: their tensors have shapes and no values, and are read as zeros. What runs on them takes as many bytes
 * in the ledger as on an engine. (PyTorch's meta device is the same idea.)
 */
export class CountingKernels implements Kernels {
  readonly ledger = new CountingLedger();

  /** @param engine whose memory is counted: `wasm`, without what it makes inside an operation; any other as `native` */
  constructor(readonly engine: string) {}

  tensor(_values: Float32Array, shape: Shape): Tensor {
    return this.made(shape);
  }

  read(x: Tensor): Float32Array {
    return new Float32Array(elements(x.shape));
  }

  unary(_op: UnaryOp, x: Tensor): Tensor {
    return this.made(x.shape);
  }

  binary(_op: BinaryOp, a: Tensor): Tensor {
    return this.made(a.shape);
  }

  relu(x: Tensor): Tensor {
    return this.made(x.shape);
  }

  reluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.made(x.shape);
  }

  leakyRelu(x: Tensor): Tensor {
    return this.made(x.shape);
  }

  leakyReluGradient(_dy: Tensor, x: Tensor): Tensor {
    return this.made(x.shape);
  }

  tanhGradient(_dy: Tensor, y: Tensor): Tensor {
    return this.made(y.shape);
  }

  snap(x: Tensor): Tensor {
    return this.made(x.shape);
  }

  mean(): Tensor {
    return this.made([]);
  }

  largest(): Tensor {
    return this.made([]);
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    return sizes.map((size) => this.made([...x.shape.slice(0, -1), size]));
  }

  concat(parts: readonly Tensor[]): Tensor {
    const sum = parts.reduce((total, { shape }) => total + channels(shape), 0);
    return this.made([...parts[0]!.shape.slice(0, -1), sum]);
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    return this.made(
      convolvedShape(x.shape, filter.shape, geometry),
      mapCopies(x.shape, filter.shape, geometry, processor),
    );
  }

  convInputGradient(_dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.made(xShape, inputGradientCopies(xShape, filter.shape, geometry, processor));
  }

  convFilterGradient(x: Tensor, _dy: Tensor, filterShape: Shape, geometry: ConvolutionGeometry): Tensor {
    return this.made(filterShape, filterGradientCopies(x.shape, filterShape, geometry, processor));
  }

  addBias(x: Tensor): Tensor {
    return this.made(x.shape);
  }

  scaleChannels(x: Tensor): Tensor {
    return this.made(x.shape);
  }

  biasGradient(dy: Tensor): Tensor {
    return this.made([channels(dy.shape)]);
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    return this.made(grown(x.shape, width), borderCopies(x.shape, width, border, processor));
  }

  padGradient(dy: Tensor, width: number, border: Border): Tensor {
    return this.made(grown(dy.shape, -width), borderGradientCopies(dy.shape, width, border, processor));
  }

  normalize(x: Tensor, over: NormScope): { y: Tensor; rstd: Tensor } {
    const rstd = this.made([over === "image" ? x.shape[0]! : 1, channels(x.shape)]);
    return { rstd, y: this.made(x.shape, normCopies(x.shape, over, 1, processor)) };
  }

  normalizeGradient(_dy: Tensor, y: Tensor, rstd: Tensor): Tensor {
    return this.made(y.shape, normCopies(y.shape, scopeOf(rstd, y), 2, processor));
  }

  moments(x: Tensor): Moments {
    const shape = [x.shape[0]!, channels(x.shape)];
    if (this.engine !== "wasm") this.ledger.scratch(momentsCopies(x.shape));
    return { mean: this.made(shape), variance: this.made(shape) };
  }

  standardize(x: Tensor): Tensor {
    return this.made(x.shape, momentsCopies(x.shape));
  }

  adam(): void {
    // In place.
  }

  dispose(): void {
    // There are no constants.
  }

  private made(shape: Shape, copies = 0): Tensor {
    return this.ledger.made(shape, this.engine === "wasm" ? 0 : copies);
  }
}
