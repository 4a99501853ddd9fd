import { createHash } from "node:crypto";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import type { ConvolutionGeometry } from "../../../extension/trainer/kernels/kernels";
import {
  convFilterGradientMethod,
  convInputGradientMethod,
  convMethod,
} from "../../../extension/trainer/kernels/nativeScratch";
import { NativeKernels } from "../../../extension/trainer/kernels/nativeKernels";
import { channels, dispose, elements, type Shape, type Tensor } from "../../../extension/trainer/kernels/tensor";
import type { TensorFlowBinding } from "../../../extension/trainer/kernels/tensorflow";
import { gaussian } from "../../support/arrays";
import { conv, convFilterGradient, convInputGradient, convShape, type Reference, reference } from "./reference";

/*
 * A program that computes convolutions and what lies between them by our own operations and by TensorFlow's, and prints what they are: the number of threads and
 * the instructions are chosen once a process, by its environment.
 */

/** The result of an operation or of its gradient. */
export interface ProbedOperation {
  readonly name: string;
  /** Of the bytes of the result. */
  readonly hash: string;
  /** From TensorFlow's own result: root mean square, relative to that of the result, as the errors. */
  readonly difference: number;
  /** Against double precision, ours and TensorFlow's; only of small convolutions. */
  readonly errors: { readonly ours: number; readonly direct: number } | null;
}

export interface ProbeResult {
  readonly instructions: string;
  readonly operations: readonly ProbedOperation[];
}

/**
 * Each way through native/winogradConvolution.h and native/winogradFilterGradient.h: sides and channels that fill neither tiles nor vectors,
 * in rounds and groups, in chunks of outputs.
 */
const winogradCases: readonly (readonly [x: Shape, filter: Shape, pad: number])[] = [
  [[1, 9, 13, 16], [3, 3, 16, 17], 0],
  [[2, 17, 10, 19], [3, 3, 19, 33], 1],
  [[1, 8, 8, 16], [3, 3, 16, 40], 2],
  [[1, 9, 13, 21], [4, 4, 21, 16], 0],
  [[2, 15, 10, 19], [4, 4, 19, 33], 1],
  [[1, 49, 46, 18], [3, 3, 18, 16], 1],
  [[1, 36, 37, 20], [4, 4, 20, 35], 0],
  [[1, 47, 49, 194], [3, 3, 194, 16], 1],
  [[1, 47, 46, 188], [3, 3, 188, 170], 0],
  [[1, 88, 86, 64], [3, 3, 64, 18], 0],
];

/**
 * Through native/filterGradient.h and native/narrowConvolution.h: filters that lie over the edges by no, some or all of their columns, and
 * that leave out the last of x; few outputs of rows of filters that are shorter than a piece, as long, and longer.
 */
const definedCases: readonly (readonly [x: Shape, filter: Shape, geometry: ConvolutionGeometry])[] = [
  [[1, 9, 13, 16], [3, 3, 16, 17], { stride: 2, pad: 0 }],
  [[2, 17, 10, 19], [3, 3, 19, 33], { stride: 2, pad: 1 }],
  [[2, 12, 14, 3], [4, 4, 3, 64], { stride: 2, pad: 1 }],
  [[1, 8, 3, 5], [7, 7, 5, 40], { stride: 3, pad: 8 }],
  [[1, 66, 64, 32], [3, 3, 32, 64], { stride: 2, pad: 1 }],
  [[2, 17, 20, 17], [5, 5, 17, 3], { stride: 1, pad: 0 }],
  [[1, 6, 5, 64], [4, 4, 64, 1], { stride: 1, pad: 1 }],
  [[1, 20, 21, 33], [7, 7, 33, 2], { stride: 1, pad: 6 }],
  [[1, 9, 8, 48], [4, 4, 48, 4], { stride: 1, pad: 2 }],
  [[1, 9, 11, 3], [5, 5, 3, 20], { stride: 1, pad: 1 }],
];

/** Large enough that native/pieces.h divides them, into pieces that are not equal; one image of the first is divided, the second is not. */
const largeShapes: readonly Shape[] = [
  [1, 130, 70, 64],
  [3, 70, 64, 48],
  [2, 9, 90, 80, 6],
];

/** Above, the reference takes seconds. */
const mostReferenceProducts = 2_000_000;

function probe(): ProbeResult {
  const { binding, instructions } = loadNativeBinding("native");
  const kernels = [true, false].map((ours) => new NativeKernels(binding as TensorFlowBinding, ours, ours)) as [
    NativeKernels,
    NativeKernels,
  ];
  const operations = [
    ...winogradCases.flatMap(([x, filter, pad]) => [...probed(kernels, x, filter, { stride: 1, pad })]),
    ...definedCases.flatMap(([x, filter, geometry]) => [...probed(kernels, x, filter, geometry)]),
    ...largeShapes.flatMap((shape) => [...probedBetween(kernels, shape)]),
  ];
  return { instructions: instructions!, operations };
}

/** What lies between convolutions. */
function* probedBetween(kernels: readonly [NativeKernels, NativeKernels], shape: Shape): Generator<ProbedOperation> {
  const [x, dy] = [1, 2].map((seed) => kernels[0].tensor(gaussian(shape, seed), shape)) as [Tensor, Tensor];
  const normal = kernels[0].normalize(x, "image");
  const title = shape.join("×");
  const compared = (what: string, work: (on: NativeKernels) => Tensor): ProbedOperation => {
    const [ours, its] = kernels.map((on) => valuesOf(on, work)) as [Float32Array, Float32Array];
    return { name: `${title}: ${what}`, hash: hashOf(ours), difference: errorOf(ours, its), errors: null };
  };
  yield compared("norm", (on) => {
    const { y, rstd } = on.normalize(x, "image");
    rstd.dispose();
    return y;
  });
  yield compared("the norm's rstd", (on) => {
    const { y, rstd } = on.normalize(x, "image");
    y.dispose();
    return rstd;
  });
  yield compared("the norm's gradient", (on) => on.normalizeGradient(dy, normal.y, normal.rstd));
  for (const border of ["reflect", "replicate"] as const) {
    yield compared(`padding, ${border}`, (on) => on.pad(x, 3, border));
    yield compared(`the padding's gradient, ${border}`, (on) => on.padGradient(x, 2, border));
  }
  yield compared("rounding", (on) => on.snap(x, 10));
  yield compared("largest", (on) => on.largest(x));
  dispose(x, dy, normal.y, normal.rstd);
}

function valuesOf(on: NativeKernels, work: (on: NativeKernels) => Tensor): Float32Array {
  const result = work(on);
  const values = on.read(result);
  result.dispose();
  return values;
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

function* probed(
  [k, direct]: readonly [NativeKernels, NativeKernels],
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
): Generator<ProbedOperation> {
  const yShape = convShape(xShape, filterShape, geometry);
  const given = [xShape, filterShape, yShape].map((shape, seed) => {
    const values = gaussian(shape, seed + 1);
    return { tensor: k.tensor(values, shape), truth: reference(values, shape) };
  });
  const [x, filter, dy] = given as [Given, Given, Given];
  const title = `${xShape.join("×")} → ${yShape.at(-1)}, ${filterShape[0]} wide, stride ${geometry.stride}`;
  const products = (elements(filterShape) * elements(yShape)) / channels(yShape);
  const compared = (what: string, truth: () => Reference, work: (on: NativeKernels) => Tensor): ProbedOperation => {
    const [ours, its] = [valuesOf(k, work), valuesOf(direct, work)];
    const exact = products < mostReferenceProducts ? truth().data : null;
    return {
      name: `${title}: ${what}`,
      hash: hashOf(ours),
      difference: errorOf(ours, its),
      errors: exact === null ? null : { ours: errorOf(ours, exact), direct: errorOf(its, exact) },
    };
  };
  const device = { onGpu: false, hasOperations: true, usesWinograd: true };
  const isOurs = (method: string): boolean => ["winograd", "narrow", "defined"].includes(method);
  if (isOurs(convMethod(filterShape, geometry, device)))
    yield compared(
      "forward",
      () => conv(x.truth, filter.truth, geometry),
      (on) => on.conv(x.tensor, filter.tensor, geometry),
    );
  if (isOurs(convInputGradientMethod(filterShape, geometry, device)))
    yield compared(
      "input gradient",
      () => convInputGradient(dy.truth, filter.truth, xShape, geometry),
      (on) => on.convInputGradient(dy.tensor, filter.tensor, xShape, geometry),
    );
  if (isOurs(convFilterGradientMethod(filterShape, geometry, device)))
    yield compared(
      "filter gradient",
      () => convFilterGradient(x.truth, dy.truth, filterShape, geometry),
      (on) => on.convFilterGradient(x.tensor, dy.tensor, filterShape, geometry),
    );
  dispose(...given.map(({ tensor }) => tensor));
}

interface Given {
  readonly tensor: Tensor;
  readonly truth: Reference;
}

function errorOf(values: Float32Array, data: Float32Array | Float64Array): number {
  let [squares, whole] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    squares += (values[i]! - data[i]!) ** 2;
    whole += data[i]! ** 2;
  }
  return Math.sqrt(squares / whole);
}

if (process.argv.includes("--probe")) console.log(JSON.stringify(probe()));
