import type { ConvolutionGeometry } from "./kernels";
import { channels, type Shape, spatial } from "./tensor";

/**
 * Plans a 3D convolution as a 2D one, by im2col along the depth axis: TensorFlow's gradients of a 3D filter take up to a thousand times as
 * long, and WASM has none. The stacked input has one image for each position of the filter along the depth; the image's channels are the
 * channels of all slices under the filter. With few output channels it is cheaper to stack the output: each slice of the volume is
 * convolved with all slices of the filter at once, and each result is added to the output slice that it belongs to (the transpose of
 * stacking).
 */
export interface SliceStacking {
  /** Whether the input or the output is stacked. */
  readonly stacks: "input" | "output";
  readonly depth: DepthGeometry;
  /** Depth of the volume that is stacked. */
  readonly slices: number;
  /** The 2D filter, `[h, w, in, out]`. */
  readonly filter: Shape;
  /** Input and output of the 2D convolution. */
  readonly x: Shape;
  readonly y: Shape;
}

/** The convolution's geometry along the depth axis. */
export interface DepthGeometry extends ConvolutionGeometry {
  /** Number of slices of the filter. */
  readonly size: number;
  /** Number of positions of the filter along the depth. */
  readonly positions: number;
  /** Whether the slices under the filter are stacked from the last to the first. */
  readonly reversed: boolean;
}

/** The most output channels with which the output is stacked. */
const maxStackedOutputChannels = 4;

/** The plan for volumes `[n, d, h, w, in]` and a filter `[h, w, d, in, out]`. */
export function sliceStacking(xShape: Shape, filterShape: Shape, geometry: ConvolutionGeometry): SliceStacking {
  const [n, d] = xShape as [number, number];
  const [rows, columns, size, inputs, outputs] = filterShape as [number, number, number, number, number];
  const { stride, pad } = geometry;
  const positionsOn = (side: number): number => Math.floor((side + 2 * pad - size) / stride) + 1;
  const [positions, ...space] = spatial(xShape).map(positionsOn) as [number, number, number];
  if (stride === 1 && outputs <= maxStackedOutputChannels && inputs > maxStackedOutputChannels) {
    // Each input slice contributes to `size` output slices.
    const depth = { size, stride, pad: size - 1 - pad, positions: d, reversed: true };
    return {
      stacks: "output",
      depth,
      slices: positions,
      filter: [rows, columns, inputs, size * outputs],
      x: [n * d, ...xShape.slice(2)],
      y: [n * d, ...space, size * outputs],
    };
  }
  const depth = { size, stride, pad, positions, reversed: false };
  return {
    stacks: "input",
    depth,
    slices: d,
    filter: [rows, columns, size * inputs, outputs],
    x: [n * positions, ...xShape.slice(2, -1), size * channels(xShape)],
    y: [n * positions, ...space, outputs],
  };
}

/** Shape of a convolution's output. */
export function convOutputShape(xShape: Shape, filterShape: Shape, { stride, pad }: ConvolutionGeometry): Shape {
  return [
    xShape[0]!,
    ...spatial(xShape).map((side) => Math.floor((side + 2 * pad - filterShape[0]!) / stride) + 1),
    channels(filterShape),
  ];
}

/**
 * Selects, for each output position, the `size` slices under the filter: a 0/1 matrix `[positions · size, slices]` that multiplies volumes
 * `[slices, h · w · c]`. Rows for slices in the padding are 0.
 */
export function sliceSelection(
  { size, stride, pad, positions, reversed }: DepthGeometry,
  slices: number,
): { readonly shape: Shape; readonly fill: (values: Float32Array) => void } {
  const fill = (values: Float32Array): void => {
    for (let position = 0; position < positions; position++) {
      for (let tap = 0; tap < size; tap++) {
        const slice = position * stride + tap - pad;
        const row = position * size + (reversed ? size - 1 - tap : tap);
        if (slice >= 0 && slice < slices) values[row * slices + slice] = 1;
      }
    }
  };
  return { shape: [positions * size, slices], fill };
}
