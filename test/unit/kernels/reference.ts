import type { ConvolutionGeometry } from "../../../extension/trainer/kernels/kernels";
import { channels, elements, type Shape, spatial } from "../../../extension/trainer/kernels/tensor";

/** Numbers in double precision, `[n, …, c]`, or `[h, w, in, out]` or `[h, w, d, in, out]`. */
export interface Reference {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A reference of a float32 array. */
export function reference(values: Float32Array, shape: Shape): Reference {
  return { shape, data: Float64Array.from(values) };
}

/** Shape of the convolution of `[n, …, in]` with a filter that is as long along all axes. */
export function convShape(x: Shape, filter: Shape, { stride, pad }: ConvolutionGeometry): Shape {
  return [
    x[0]!,
    ...spatial(x).map((length) => Math.floor((length + 2 * pad - filter[0]!) / stride) + 1),
    channels(filter),
  ];
}

/** Calls `visit` with the places of x, filter and y that are multiplied and added: the definition of a convolution. */
function eachProduct(
  x: Shape,
  filter: Shape,
  { stride, pad }: ConvolutionGeometry,
  visit: (atX: number, atFilter: number, atY: number) => void,
): void {
  const [inputs, outputs] = [channels(x), channels(filter)];
  const y = convShape(x, filter, { stride, pad });
  const axes = spatial(x).length;
  /** Goes on to the next axis, from where x and y were on those before, as if they were one axis, and which taps of the filter were taken. */
  const along = (axis: number, inX: number, taps: readonly number[], inY: number): void => {
    if (axis > axes) {
      // A filter has the depth behind the other sides.
      const inOrder = axes === 3 ? [...taps.slice(1), taps[0]!] : taps;
      const inFilter = inOrder.reduce((place, tap) => place * filter[0]! + tap, 0);
      for (let from = 0; from < inputs; from++) {
        for (let to = 0; to < outputs; to++)
          visit(inX * inputs + from, (inFilter * inputs + from) * outputs + to, inY * outputs + to);
      }
      return;
    }
    for (let i = 0; i < y[axis]!; i++) {
      for (let tap = 0; tap < filter[0]!; tap++) {
        const place = stride * i + tap - pad;
        if (place >= 0 && place < x[axis]!) along(axis + 1, inX * x[axis]! + place, [...taps, tap], inY * y[axis]! + i);
      }
    }
  };
  for (let image = 0; image < x[0]!; image++) along(1, image, [], image);
}

/** Convolution. */
export function conv(x: Reference, filter: Reference, geometry: ConvolutionGeometry): Reference {
  const shape = convShape(x.shape, filter.shape, geometry);
  const data = new Float64Array(elements(shape));
  eachProduct(
    x.shape,
    filter.shape,
    geometry,
    (atX, atFilter, atY) => (data[atY]! += x.data[atX]! * filter.data[atFilter]!),
  );
  return { shape, data };
}

/** Its gradient by x. */
export function convInputGradient(
  dy: Reference,
  filter: Reference,
  shape: Shape,
  geometry: ConvolutionGeometry,
): Reference {
  const data = new Float64Array(elements(shape));
  eachProduct(
    shape,
    filter.shape,
    geometry,
    (atX, atFilter, atY) => (data[atX]! += dy.data[atY]! * filter.data[atFilter]!),
  );
  return { shape, data };
}

/** Its gradient by the filter. */
export function convFilterGradient(
  x: Reference,
  dy: Reference,
  shape: Shape,
  geometry: ConvolutionGeometry,
): Reference {
  const data = new Float64Array(elements(shape));
  eachProduct(x.shape, shape, geometry, (atX, atFilter, atY) => (data[atFilter]! += dy.data[atY]! * x.data[atX]!));
  return { shape, data };
}

/** Mean over the spatial axes of a value of each place, `[n, c]`. */
export function channelMeans({ shape }: Reference, value: (place: number) => number): Reference {
  const [n, c, space] = [shape[0]!, channels(shape), elements(spatial(shape))];
  const data = new Float64Array(n * c);
  for (let place = 0; place < n * space * c; place++) data[channelOf(shape, place)]! += value(place) / space;
  return { shape: [n, c], data };
}

/** Where `[n, c]` has the channel of a place of `[n, …, c]`. */
export function channelOf(shape: Shape, place: number): number {
  const c = channels(shape);
  return Math.floor(place / (c * elements(spatial(shape)))) * c + (place % c);
}
