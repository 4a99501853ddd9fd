import type { ConvolutionGeometry } from "./kernels";
import { channels, type Shape, spatial } from "./tensor";

/**
 * A convolution of volumes as one of images, which engines are far better at: TensorFlow's gradients of a filter of volumes take up to a
 * thousand times as long, and WASM has none. A stack has, for each stop of the filter along the depth, an image with all slices under
 * the filter as its channels. Where there are few outputs, less is to be done the other way round: every slice of the volume is an
 * image, which makes the outputs of each slice of the filter, and these are added up where they belong, as a stack's gradient is.
 */
export interface Stacking {
  /** What is stacked: what the filter goes over, or what it makes. */
  readonly of: "input" | "output";
  readonly depth: Depth;
  /** Slices of what is stacked. */
  readonly slices: number;
  /** The filter of the images: `[h, w, in, out]`. */
  readonly filter: Shape;
  /** What the filter goes over, and what it makes, as images. */
  readonly x: Shape;
  readonly y: Shape;
}

/** Where a filter stops along the depth: so many times, in steps of `stride`, with `pad` empty slices at both ends. */
export interface Depth extends ConvolutionGeometry {
  readonly size: number;
  readonly stops: number;
  /** Whether the slices under the filter are taken from the last to the first. */
  readonly reversed: boolean;
}

/** Up to so many outputs are stacked. */
const few = 4;

/** How a filter `[h, w, d, in, out]` goes over volumes of this shape. */
export function stackingOf(xShape: Shape, filterShape: Shape, geometry: ConvolutionGeometry): Stacking {
  const [n, d] = xShape as [number, number];
  const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
  const { stride, pad } = geometry;
  const stops = (side: number): number => Math.floor((side + 2 * pad - size) / stride) + 1;
  const [places, ...space] = spatial(xShape).map(stops) as [number, number, number];
  if (stride === 1 && outputs <= few && inputs > few) {
    // A slice of the volume lies under as many stops as a stop has slices.
    const depth = { size, stride, pad: size - 1 - pad, stops: d, reversed: true };
    return {
      of: "output",
      depth,
      slices: places,
      filter: [rows, columns, inputs, size * outputs],
      x: [n * d, ...xShape.slice(2)],
      y: [n * d, ...space, size * outputs],
    };
  }
  const depth = { size, stride, pad, stops: places, reversed: false };
  return {
    of: "input",
    depth,
    slices: d,
    filter: [rows, columns, size * inputs, outputs],
    x: [n * places, ...xShape.slice(2, -1), size * channels(xShape)],
    y: [n * places, ...space, outputs],
  };
}

/** The shape of a convolution's result. */
export function convolvedShape(xShape: Shape, filterShape: Shape, { stride, pad }: ConvolutionGeometry): Shape {
  return [
    xShape[0]!,
    ...spatial(xShape).map((side) => Math.floor((side + 2 * pad - filterShape[0]!) / stride) + 1),
    channels(filterShape),
  ];
}

/**
 * Which slice of a volume each of those in a stack is, as a matrix `[stops · size, slices]` of zeros and ones by which volumes
 * `[slices, h · w · c]` are multiplied.
 */
export function selection(
  { size, stride, pad, stops, reversed }: Depth,
  slices: number,
): { readonly shape: Shape; readonly fill: (values: Float32Array) => void } {
  const fill = (values: Float32Array): void => {
    for (let stop = 0; stop < stops; stop++) {
      for (let tap = 0; tap < size; tap++) {
        const slice = stop * stride + tap - pad;
        const row = stop * size + (reversed ? size - 1 - tap : tap);
        if (slice >= 0 && slice < slices) values[row * slices + slice] = 1;
      }
    }
  };
  return { shape: [stops * size, slices], fill };
}
