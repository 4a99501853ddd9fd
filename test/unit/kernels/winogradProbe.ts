import { createHash } from "node:crypto";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import type { ConvolutionGeometry } from "../../../extension/trainer/kernels/kernels";
import { NativeKernels } from "../../../extension/trainer/kernels/nativeKernels";
import { channels, dispose, elements, type Shape, type Tensor } from "../../../extension/trainer/kernels/tensor";
import type { TensorFlowBinding } from "../../../extension/trainer/kernels/tensorflow";
import { gaussian } from "../../support/arrays";
import { conv, convFilterGradient, convInputGradient, convShape, type Reference, reference } from "./reference";

/*
 * A program that computes convolutions by Winograd's algorithm and by TensorFlow's own, and prints what they are: the number of threads and
 * the instructions are chosen once a process, by its environment.
 */

/** A convolution or a gradient of one. */
export interface ProbedConvolution {
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
  readonly convolutions: readonly ProbedConvolution[];
}

/** Each way through native/winograd.cc: sides and channels that fill neither tiles nor vectors, in rounds and groups, in chunks of outputs. */
const cases: readonly (readonly [x: Shape, filter: Shape, pad: number])[] = [
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

/** Above, the reference takes seconds. */
const mostReferenceProducts = 2_000_000;

function probe(): ProbeResult {
  const { binding, instructions } = loadNativeBinding("native");
  const kernels = [true, false].map(
    (usesWinograd) => new NativeKernels(binding as TensorFlowBinding, true, usesWinograd),
  ) as [NativeKernels, NativeKernels];
  const convolutions = cases.flatMap(([x, filter, pad]) => [...probed(kernels, x, filter, { stride: 1, pad })]);
  return { instructions: instructions!, convolutions };
}

function* probed(
  [k, direct]: readonly [NativeKernels, NativeKernels],
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
): Generator<ProbedConvolution> {
  const yShape = convShape(xShape, filterShape, geometry);
  const given = [xShape, filterShape, yShape].map((shape, seed) => {
    const values = gaussian(shape, seed + 1);
    return { tensor: k.tensor(values, shape), truth: reference(values, shape) };
  });
  const [x, filter, dy] = given as [Given, Given, Given];
  const title = `${xShape.join("×")} → ${yShape.at(-1)}, ${filterShape[0]} wide`;
  const valuesOf = (on: NativeKernels, work: (on: NativeKernels) => Tensor): Float32Array => {
    const result = work(on);
    const values = on.read(result);
    result.dispose();
    return values;
  };
  const products = (elements(filterShape) * elements(yShape)) / channels(yShape);
  const compared = (what: string, truth: () => Reference, work: (on: NativeKernels) => Tensor): ProbedConvolution => {
    const [ours, its] = [valuesOf(k, work), valuesOf(direct, work)];
    const exact = products < mostReferenceProducts ? truth().data : null;
    return {
      name: `${title}: ${what}`,
      hash: createHash("sha256")
        .update(new Uint8Array(ours.buffer, ours.byteOffset, ours.byteLength))
        .digest("hex"),
      difference: errorOf(ours, its),
      errors: exact === null ? null : { ours: errorOf(ours, exact), direct: errorOf(its, exact) },
    };
  };
  yield compared(
    "forward",
    () => conv(x.truth, filter.truth, geometry),
    (on) => on.conv(x.tensor, filter.tensor, geometry),
  );
  yield compared(
    "input gradient",
    () => convInputGradient(dy.truth, filter.truth, xShape, geometry),
    (on) => on.convInputGradient(dy.tensor, filter.tensor, xShape, geometry),
  );
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
