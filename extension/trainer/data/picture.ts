import { axesOf } from "../../configuration/sizes";

/** Height and width in pixels; of a volume in voxels, with its depth. */
export interface ImageSize {
  readonly depth?: number;
  readonly height: number;
  readonly width: number;
}

/** The values of a picture or a volume in host memory, as networks take and return them. */
export interface Pixels extends ImageSize {
  /** `[height, width, channels]`, of a volume `[depth, height, width, channels]`, in [-1, 1]. */
  readonly data: Float32Array;
  readonly channels: number;
}

/** Pixels with bits and alpha, as needed for writing them as an image file; -1 is black, 1 is white. */
export interface Picture extends Pixels {
  /** Bits for each channel in the file that the picture came from, or that it is written to. */
  readonly bits: 8 | 16;
  /** `[height, width]`, 0 (transparent) to 255 or 65535 (opaque), unchanged from the file; not premultiplied into the colours. */
  readonly alpha: Samples | null;
}

/** A rectangle of pixels, by its size and its upper left corner. */
export interface Region extends ImageSize {
  readonly top: number;
  readonly left: number;
}

/** Integers of 8 or 16 bits, as image files store them. */
export type Samples = Uint8Array | Uint16Array;

/** An array of `length` samples, all 0. */
export function newSamples(bits: 8 | 16, length: number): Samples {
  return bits === 8 ? new Uint8Array(length) : new Uint16Array(length);
}

/** The largest sample, which is white. */
export function white(bits: 8 | 16): number {
  return bits === 8 ? 255 : 65535;
}

/** A sample as a value in [-1, 1]. 0, white and all 16-bit steps survive `toSamples` exactly. */
export function fromSample(sample: number, bits: 8 | 16): number {
  return sample / (white(bits) / 2) - 1;
}

export function fromSamples(samples: ArrayLike<number>, bits: 8 | 16): Float32Array {
  const data = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) data[i] = fromSample(samples[i]!, bits);
  return data;
}

/** [-1, 1] to the nearest sample; values outside are clamped, NaN becomes 0. */
export function toSamples(data: Float32Array, bits: 8 | 16): Samples {
  const half = white(bits) / 2;
  const samples = newSamples(bits, data.length);
  for (let i = 0; i < data.length; i++) {
    samples[i] = Math.max(0, Math.min(2 * half, Math.round((data[i]! + 1) * half)));
  }
  return samples;
}

/** The sides, slowest axis first: `[height, width]` or `[depth, height, width]`. */
export function sidesOf({ depth, height, width }: ImageSize): number[] {
  return depth === undefined ? [height, width] : [depth, height, width];
}

/** Pixels from an array and its sides, slowest axis first. */
export function pixelsOf(data: Float32Array, sides: readonly number[], channels: number): Pixels {
  const [width, height, depth] = [...sides].reverse() as [number, number, number?];
  return { data, ...(depth === undefined ? {} : { depth }), height, width, channels };
}

/** A size from a configuration; null for the image's own size. */
export function imageSize(value: Parameters<typeof axesOf>[0], dimensions: 2 | 3): ImageSize | null {
  const axes = axesOf(value, dimensions);
  if (axes === null || axes === undefined) return null;
  const [width, height, depth] = [...axes].reverse() as [number, number, number?];
  return depth === undefined ? { height, width } : { depth, height, width };
}

export function sameSize(a: ImageSize, b: ImageSize): boolean {
  return a.height === b.height && a.width === b.width && a.depth === b.depth;
}

/** Whether every side is at least that of the other size. */
export function sizeContains(size: ImageSize, inner: ImageSize): boolean {
  return size.height >= inner.height && size.width >= inner.width && (size.depth ?? 0) >= (inner.depth ?? 0);
}

export function shortestSide({ depth = Infinity, height, width }: ImageSize): number {
  return Math.min(depth, height, width);
}

/** For messages: width first, as image viewers show it. */
export function showSize({ depth, height, width }: ImageSize): string {
  return depth === undefined ? `${width} × ${height}` : `${width} × ${height} × ${depth}`;
}

/** For messages: the unit of an image's sides. */
export function unitOf({ depth }: ImageSize): string {
  return depth === undefined ? "pixels" : "voxels";
}

/** The size with every side rounded down to a multiple of `multiple`. */
export function sizeRoundedDown(size: ImageSize, multiple: number): ImageSize {
  const rounded = (side: number): number => side - (side % multiple);
  const plane = { height: rounded(size.height), width: rounded(size.width) };
  return size.depth === undefined ? plane : { depth: rounded(size.depth), ...plane };
}

/** First pixel of a crop along an axis. @param fraction in [0, 1): 0 is the first possible place, just below 1 the last */
export function cropStart(fraction: number, side: number, crop: number): number {
  return Math.floor(fraction * (side - crop + 1));
}
