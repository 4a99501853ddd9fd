import type { Border, NormScope, ConvolutionGeometry } from "./kernels";
import { convolvedShape, stackingOf } from "./sliceStacking";
import { bytesOf, channels, elements, type Shape, spatial } from "./tensor";

/*
 * How TensorFlow's kernels go about an operation, and what they make on the way to its result: told here from shapes alone, for the
 * kernels that compute and for those that count. Copies are the bytes of what is alive on the way beside the result, at most.
 */

/** What TensorFlow runs on. */
export interface Device {
  /** Whether the operations run on a GPU. What costs time there is to start one, so fewer are better than less work or memory. */
  readonly onGpu: boolean;
  /** Whether our operations (native/operations.cc) are there. */
  readonly hasOperations: boolean;
}

/**
 * How a convolution of images is gone about: as TensorFlow's own operation; `split`, along the rows and then along the columns; or as a
 * `product` of matrices.
 */
type MapWay = "direct" | "split" | "product";

/** How a gradient of it is gone about: also on a copy that is `padded` with zeros. */
type GradientWay = "direct" | "split" | "padded";

/** The way from x to y. */
export function mapWay(filterShape: Shape, geometry: ConvolutionGeometry, device: Device): MapWay {
  if (device.hasOperations && isWide(filterShape)) return "product";
  return isNarrow(filterShape, channels(filterShape), geometry, device) ? "split" : "direct";
}

/** The way from dy to dx. */
export function inputGradientWay(filterShape: Shape, geometry: ConvolutionGeometry, device: Device): GradientWay {
  return gradientWay(filterShape, filterShape.at(-2)!, geometry, device);
}

/** The way from x and dy to the filter's gradient. */
export function filterGradientWay(filterShape: Shape, geometry: ConvolutionGeometry, device: Device): GradientWay {
  return gradientWay(filterShape, channels(filterShape), geometry, device);
}

function gradientWay(filterShape: Shape, few: number, geometry: ConvolutionGeometry, device: Device): GradientWay {
  if (isNarrow(filterShape, few, geometry, device)) return "split";
  return isCopied(geometry, device) ? "padded" : "direct";
}

/**
 * Whether a wide filter has so few inputs or outputs that it is better split: first along the rows, with a channel for each of its
 * columns, and then along the columns, which only moves and sums them. TensorFlow computes 16 channels where there are 3: of 7×7
 * filters from 64 channels to 3 at 256², that is 30 ms instead of 11, and so for their gradient. On processors; so is the next.
 */
function isNarrow(filterShape: Shape, few: number, { stride, pad }: ConvolutionGeometry, { onGpu }: Device): boolean {
  return !onGpu && few <= 4 && filterShape[0]! > 4 && stride === 1 && pad === 0;
}

/**
 * Whether the gradients are taken on copies that have the zeros: TensorFlow's fast kernels of them take none, and those that do need
 * up to twice the time of a copy and a fast one.
 */
function isCopied({ pad }: ConvolutionGeometry, { onGpu }: Device): boolean {
  return !onGpu && pad > 0;
}

/**
 * Whether a filter has so many outputs that a product of matrices is faster. TensorFlow's convolution reads filters as they lie, where
 * each input of these is a multiple of 2 KB from the next: from 256 channels to 512 at 15², 4 wide, that is 5.7 ms instead of 2.9.
 */
function isWide(filterShape: Shape): boolean {
  return channels(filterShape) % 512 === 0;
}

/** Between both halves of a split: as high as what comes in and as wide as what goes out of the second one, `[n, h, w, c]`. */
export function splitShape([n, height]: Shape, [, , width]: Shape, count: number): Shape {
  return [n!, height!, width!, count];
}

/** With `by` more elements on both sides of every spatial axis. */
export function grown(shape: Shape, by: number): Shape {
  return [shape[0]!, ...spatial(shape).map((side) => side + 2 * by), channels(shape)];
}

/** Copies on the way to a convolution of x, images or volumes. */
export function mapCopies(xShape: Shape, filterShape: Shape, geometry: ConvolutionGeometry, device: Device): number {
  const yShape = convolvedShape(xShape, filterShape, geometry);
  if (xShape.length === 5) {
    const plan = stackingOf(xShape, filterShape, geometry);
    const images = mapCopies(plan.x, plan.filter, geometry, device);
    if (plan.of === "input") return bytesOf(plan.x) + images;
    const unstacking = unstackingCopies(plan.y, device);
    return bytesOf(filterShape) + bytesOf(plan.y) + Math.max(images - bytesOf(yShape), unstacking);
  }
  const [size, outputs] = [filterShape[0]!, channels(filterShape)];
  switch (mapWay(filterShape, geometry, device)) {
    case "product":
      // What lies under the filter, at each of its places.
      return (elements(yShape) / outputs) * bytesOf(filterShape.slice(0, -1));
    case "split":
      return bytesOf(filterShape) + bytesOf(splitShape(yShape, xShape, size * outputs));
    case "direct":
      return 0;
  }
}

/** Copies on the way to the gradient by x. */
export function inputGradientCopies(
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): number {
  if (xShape.length === 5) {
    const plan = stackingOf(xShape, filterShape, geometry);
    const images = inputGradientCopies(plan.x, plan.filter, geometry, device);
    if (plan.of === "output") return bytesOf(plan.y) + bytesOf(filterShape) + images;
    return bytesOf(plan.x) + Math.max(images - bytesOf(xShape), unstackingCopies(plan.x, device));
  }
  switch (inputGradientWay(filterShape, geometry, device)) {
    case "split": {
      const yShape = convolvedShape(xShape, filterShape, geometry);
      return bytesOf(splitShape(xShape, yShape, filterShape[0]! * channels(xShape)));
    }
    case "padded":
      return bytesOf(grown(xShape, geometry.pad));
    case "direct":
      return 0;
  }
}

/** Copies on the way to the gradient by the filter. */
export function filterGradientCopies(
  xShape: Shape,
  filterShape: Shape,
  geometry: ConvolutionGeometry,
  device: Device,
): number {
  if (xShape.length === 5) {
    const plan = stackingOf(xShape, filterShape, geometry);
    const images = filterGradientCopies(plan.x, plan.filter, geometry, device);
    return plan.of === "input" ? bytesOf(plan.x) + images : bytesOf(plan.y) + Math.max(images, bytesOf(filterShape));
  }
  switch (filterGradientWay(filterShape, geometry, device)) {
    case "split": {
      const yShape = convolvedShape(xShape, filterShape, geometry);
      return bytesOf(splitShape(yShape, xShape, filterShape[0]! * channels(filterShape))) + bytesOf(filterShape);
    }
    case "padded":
      return bytesOf(grown(xShape, geometry.pad));
    case "direct":
      return 0;
  }
}

/** Without our operations, a stack with its slices apart, and with those as rows. */
function unstackingCopies(stack: Shape, { hasOperations }: Device): number {
  return hasOperations ? 0 : 2 * bytesOf(stack);
}

/**
 * Copies on the way to a norm of an activation, or to its gradient: without our operations all images are laid side by side.
 *
 * @param inputs activations that the operation reads
 */
export function normCopies(shape: Shape, over: NormScope, inputs: number, { hasOperations }: Device): number {
  return hasOperations || over === "batch" || shape[0] === 1 ? 0 : inputs * bytesOf(shape);
}

/** Copies on the way to a border. Without our operations one that repeats the edge comes about element by element. */
export function borderCopies(shape: Shape, width: number, border: Border, { hasOperations }: Device): number {
  return hasOperations || border === "reflect" || width === 1 ? 0 : bytesOf(grown(shape, width - 1));
}

/** As {@link borderCopies}, on the way to the gradient: the first two of its steps are the largest. */
export function borderGradientCopies(shape: Shape, width: number, border: Border, { hasOperations }: Device): number {
  if (hasOperations || border === "reflect" || width === 1) return 0;
  return bytesOf(grown(shape, -1)) + bytesOf(grown(shape, -2)) - bytesOf(grown(shape, -width));
}

/** Copies on the way to an activation's moments, or to what they standardize. */
export function momentsCopies(shape: Shape): number {
  return bytesOf(shape);
}
