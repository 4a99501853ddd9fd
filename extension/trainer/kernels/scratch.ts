import type { Border, ConvolutionGeometry, NormScope } from "./kernels";
import * as native from "./nativeScratch";
import type { Shape } from "./tensor";
import * as webgpu from "./webgpu/plans";

/** For each kernel of an engine, the most bytes that it needs beside its result, by the shapes of its arguments. */
export interface Scratch {
  conv(x: Shape, filter: Shape, geometry: ConvolutionGeometry): number;
  convInputGradient(x: Shape, filter: Shape, geometry: ConvolutionGeometry): number;
  convFilterGradient(x: Shape, filter: Shape, geometry: ConvolutionGeometry): number;
  pad(x: Shape, width: number, border: Border): number;
  padGradient(dy: Shape, width: number, border: Border): number;
  /** The scratch bytes of a norm (`inputs` 1: it reads one activation) or of its gradient (2: it reads two). */
  norm(x: Shape, over: NormScope, inputs: 1 | 2): number;
  biasGradient(dy: Shape): number;
  moments(x: Shape): number;
  standardize(x: Shape): number;
}

const none = (): number => 0;

/** Counts no scratch bytes: the WASM backend does not report what its operations allocate inside. */
const unknownScratch: Scratch = {
  conv: none,
  convInputGradient: none,
  convFilterGradient: none,
  pad: none,
  padGradient: none,
  norm: none,
  biasGradient: none,
  moments: none,
  standardize: none,
};

const webGpuScratch: Scratch = {
  ...unknownScratch,
  conv: (x, filter, geometry) => webgpu.partBytes(webgpu.convolutionPlan(x, filter, geometry)),
  convFilterGradient: (x, filter, geometry) => webgpu.partBytes(webgpu.filterGradientPlan(x, filter, geometry)),
  norm: (x, over) => webgpu.normPlan(x, over).scratch,
  biasGradient: webgpu.channelSumBytes,
  moments: webgpu.momentBytes,
};

/** The scratch bytes of TensorFlow on a CPU, with our operations. */
function nativeScratch(usesWinograd: boolean): Scratch {
  const device: native.Device = { onGpu: false, hasOperations: true, usesWinograd };
  return {
    conv: (x, filter, geometry) => native.convScratch(x, filter, geometry, device),
    convInputGradient: (x, filter, geometry) => native.convInputGradientScratch(x, filter, geometry, device),
    convFilterGradient: (x, filter, geometry) => native.convFilterGradientScratch(x, filter, geometry, device),
    pad: (x, width, border) => native.padScratch(x, width, border, device),
    padGradient: (dy, width, border) => native.padGradientScratch(dy, width, border, device),
    norm: (x, over, inputs) => native.normScratch(x, over, inputs, device),
    biasGradient: none,
    moments: native.momentsScratch,
    standardize: native.momentsScratch,
  };
}

/** @param usesWinograd whether TensorFlow's convolutions use Winograd's algorithm where it is faster */
export function scratchOf(engine: string, usesWinograd: boolean): Scratch {
  if (engine === "wasm") return unknownScratch;
  return engine === "webgpu" ? webGpuScratch : nativeScratch(usesWinograd);
}
