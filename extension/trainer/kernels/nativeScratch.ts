import type { Border, NormScope, ConvolutionGeometry } from "./kernels";
import { convOutputShape, sliceStacking } from "./sliceStacking";
import { bytesOf, channels, elements, type Shape, spatial } from "./tensor";
import { winogradFilterGradientScratch, winogradScratch } from "./winogradScratch";

/*
 * The method that the native kernels choose for an operation, and its scratch memory: the most bytes that are alive beside the result
 * before the operation returns. Both depend only on the shapes and the device, so NativeKernels and CountingKernels share this file.
 */

/** The device that TensorFlow runs on. */
export interface Device {
  /**
   * Whether operations run on a GPU. Launching an operation takes most of the time there, so fewer operations are faster than less work.
   */
  readonly onGpu: boolean;
  /** Whether our operations (native/operations.cc) are loaded. */
  readonly hasOperations: boolean;
  /** Whether convolutions of stride 1 use Winograd's algorithm, which needs fewer multiplications (native/winogradTiles.h). */
  readonly usesWinograd: boolean;
}

/**
 * How a 2D convolution, or its gradient by x, is computed: `direct`, as TensorFlow's own operation; `winograd` and `narrow`, as ours
 * (native/winogradConvolution.h, native/narrowConvolution.h); `product`, as a matrix product (im2col); or `padded`, as TensorFlow's
 * operation on a copy with explicit zero padding.
 */
type ConvMethod = "direct" | "winograd" | "narrow" | "product";
type ConvInputGradientMethod = "direct" | "winograd" | "narrow" | "padded";

/**
 * How the gradient by the filter is computed: `defined`, by our own operation, which follows the definition (native/filterGradient.h); the
 * others as above.
 */
type ConvFilterGradientMethod = "direct" | "winograd" | "defined" | "padded";

/** The method by which a convolution is computed. */
export function convMethod(filterShape: Shape, geometry: ConvolutionGeometry, device: Device): ConvMethod {
  const [, , inputs, outputs] = filterShape as [number, number, number, number];
  if (hasWinogradForm(filterShape, geometry, device)) return "winograd";
  if (isNarrow(inputs, outputs, geometry, device)) return "narrow";
  return device.hasOperations && multipliesMatrices(filterShape) ? "product" : "direct";
}

/** The method by which the gradient by x is computed. */
export function convInputGradientMethod(
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): ConvInputGradientMethod {
  const [size, , inputs, outputs] = filterShape as [number, number, number, number];
  if (hasWinogradForm(filterShape, geometry, device)) return "winograd";
  if (geometry.pad < size && isNarrow(outputs, inputs, geometry, device)) return "narrow";
  return padsExplicitly(geometry, device) ? "padded" : "direct";
}

/** The method by which the gradient by the filter is computed. */
export function convFilterGradientMethod(
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): ConvFilterGradientMethod {
  const [, , inputs, outputs] = filterShape as [number, number, number, number];
  if (hasWinogradForm(filterShape, geometry, device)) return "winograd";
  if (isNarrow(inputs, outputs, geometry, device) || multipliesRows(filterShape, geometry, device)) return "defined";
  return padsExplicitly(geometry, device) ? "padded" : "direct";
}

/**
 * Whether Winograd's algorithm is used: for filters of 3×3 and 4×4 with so many channels that the products, of which it needs fewer, take
 * longer than its transforms.
 */
function hasWinogradForm(filterShape: Shape, { stride, pad }: ConvolutionGeometry, { usesWinograd }: Device): boolean {
  const [size, , inputs, outputs] = filterShape as [number, number, number, number];
  return usesWinograd && stride === 1 && (size === 3 || size === 4) && pad < size && Math.min(inputs, outputs) >= 16;
}

/**
 * Whether a convolution has few outputs for many inputs. TensorFlow vectorises over the outputs and pads 3 of them to 16. Milliseconds on
 * two cores with AVX-512, of the convolutions along rows and then along columns by which TensorFlow computed this before, and of ours: from
 * 64 channels to 3 at 256², 7 wide, 10.9 and 8.3, and the gradient by its filter 14.8 and 9.3; from 512 channels to 1 at 31², 4 wide, 2.24
 * and 0.13.
 */
function isNarrow(
  inputs: number,
  outputs: number,
  { stride }: ConvolutionGeometry,
  { hasOperations }: Device,
): boolean {
  return hasOperations && stride === 1 && outputs <= 4 && inputs >= 16;
}

/**
 * Whether gradients run on explicitly padded copies. On CPUs only: TensorFlow's fast gradient kernels do not pad there, and those that do
 * pad take up to twice the time of a copy and a fast kernel.
 */
function padsExplicitly({ pad }: ConvolutionGeometry, { onGpu }: Device): boolean {
  return !onGpu && pad > 0;
}

/**
 * Whether a matrix product is faster than TensorFlow's convolution: for multiples of 512 outputs, for which TensorFlow reads the filter
 * with a stride of a multiple of 2 KB. From 256 channels to 512 at 15², 4 wide, it takes 5.7 ms instead of 2.9.
 */
function multipliesMatrices(filterShape: Shape): boolean {
  return channels(filterShape) % 512 === 0;
}

/**
 * Whether our gradient by the filter, a sum of products of rows, is faster than TensorFlow's: with a stride, for filters of 3×3, or of any
 * size with few inputs. Milliseconds on two cores with AVX-512, TensorFlow's and ours: from 64 channels to 128 at 256², 3 wide, 32 and 13;
 * from 3 channels to 64 at 128², 4 wide, 0.53 and 0.27; but from 128 channels to 256 at 64², 4 wide, on one core 11 and 15.
 */
function multipliesRows(filterShape: Shape, { stride }: ConvolutionGeometry, { hasOperations }: Device): boolean {
  const [size, , inputs, outputs] = filterShape as [number, number, number, number];
  return hasOperations && stride > 1 && (size === 3 || inputs < 16) && outputs >= 16;
}

/** The shape with `by` more elements at both ends of every spatial axis. */
export function paddedShape(shape: Shape, by: number): Shape {
  return [shape[0]!, ...spatial(shape).map((side) => side + 2 * by), channels(shape)];
}

/** Scratch bytes of a convolution of images or volumes. */
export function convScratch(xShape: Shape, filterShape: Shape, geometry: ConvolutionGeometry, device: Device): number {
  const yShape = convOutputShape(xShape, filterShape, geometry);
  if (xShape.length === 5) {
    const plan = sliceStacking(xShape, filterShape, geometry);
    const images = convScratch(plan.x, plan.filter, geometry, device);
    if (plan.stacks === "input") return bytesOf(plan.x) + images;
    const unstacking = unstackScratch(plan.y, device);
    return bytesOf(filterShape) + bytesOf(plan.y) + Math.max(images - bytesOf(yShape), unstacking);
  }
  const [size, outputs] = [filterShape[0]!, channels(filterShape)];
  switch (convMethod(filterShape, geometry, device)) {
    case "product":
      // The im2col matrix: the elements under the filter at each of its positions.
      return (elements(yShape) / outputs) * bytesOf(filterShape.slice(0, -1));
    case "winograd":
      return winogradScratch(size, channels(xShape), yShape, false);
    case "narrow":
    case "direct":
      return 0;
  }
}

/** Scratch bytes of the gradient by x. */
export function convInputGradientScratch(
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): number {
  if (xShape.length === 5) {
    const plan = sliceStacking(xShape, filterShape, geometry);
    const images = convInputGradientScratch(plan.x, plan.filter, geometry, device);
    if (plan.stacks === "output") return bytesOf(plan.y) + bytesOf(filterShape) + images;
    return bytesOf(plan.x) + Math.max(images - bytesOf(xShape), unstackScratch(plan.x, device));
  }
  switch (convInputGradientMethod(filterShape, geometry, device)) {
    case "winograd":
      return winogradScratch(filterShape[0]!, channels(filterShape), xShape, true);
    case "padded":
      return bytesOf(paddedShape(xShape, geometry.pad));
    case "narrow":
    case "direct":
      return 0;
  }
}

/** Scratch bytes of the gradient by the filter. */
export function convFilterGradientScratch(
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): number {
  if (xShape.length === 5) {
    const plan = sliceStacking(xShape, filterShape, geometry);
    const images = convFilterGradientScratch(plan.x, plan.filter, geometry, device);
    return plan.stacks === "input"
      ? bytesOf(plan.x) + images
      : bytesOf(plan.y) + Math.max(images, bytesOf(filterShape));
  }
  switch (convFilterGradientMethod(filterShape, geometry, device)) {
    case "winograd":
      return winogradFilterGradientScratch(filterShape, convOutputShape(xShape, filterShape, geometry));
    case "padded":
      return bytesOf(paddedShape(xShape, geometry.pad));
    case "defined":
    case "direct":
      return 0;
  }
}

/**
 * Scratch bytes of unstacking slices. Without our operations it transposes the stack and multiplies by a matrix, with two copies of the
 * stack.
 */
function unstackScratch(stack: Shape, { hasOperations }: Device): number {
  return hasOperations ? 0 : 2 * bytesOf(stack);
}

/**
 * Scratch bytes of a norm of an activation, or of its gradient: without our operations the images are transposed to lie side by side.
 *
 * @param inputs number of activations that the operation reads
 */
export function normScratch(shape: Shape, over: NormScope, inputs: number, { hasOperations }: Device): number {
  return hasOperations || over === "batch" || shape[0] === 1 ? 0 : inputs * bytesOf(shape);
}

/** Scratch bytes of padding. Without our operations replication pads by 1 element at a time. */
export function padScratch(shape: Shape, width: number, border: Border, { hasOperations }: Device): number {
  return hasOperations || border === "reflect" || width === 1 ? 0 : bytesOf(paddedShape(shape, width - 1));
}

/**
 * Scratch bytes of padding's gradient. Without our operations it removes 1 element at a time, and its first two intermediate results are
 * the largest.
 */
export function padGradientScratch(shape: Shape, width: number, border: Border, { hasOperations }: Device): number {
  if (hasOperations || border === "reflect" || width === 1) return 0;
  return bytesOf(paddedShape(shape, -1)) + bytesOf(paddedShape(shape, -2)) - bytesOf(paddedShape(shape, -width));
}

/** Scratch bytes of an activation's moments, or of standardizing by them. */
export function momentsScratch(shape: Shape): number {
  return bytesOf(shape);
}
