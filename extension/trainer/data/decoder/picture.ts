import { axesOf } from "../../../configuration/sizes";

/** An image as the networks take it and give it. */
export interface Picture {
  /** `[height, width, channels]` in [-1, 1]: -1 is black, 1 is white. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Bits a channel of the file that it came from, or that it is written to. */
  readonly bits: 8 | 16;
  /** `[height, width]`, 0 (invisible) to 255 or 65535, as the file has it; never multiplied into the colours. */
  readonly alpha: Uint8Array | Uint16Array | null;
}

/** Height and width in pixels; of a volume in voxels, with its depth. */
export interface ImageSize {
  readonly depth?: number;
  readonly height: number;
  readonly width: number;
}

/** Whole numbers of 8 or 16 bits, as files hold them. */
export type Samples = Uint8Array | Uint16Array;

/** The largest value of a channel in a file. */
export function white(bits: 8 | 16): number {
  return bits === 8 ? 255 : 65535;
}

/** [-1, 1] to the nearest value that a file can hold; what lies outside is cut off. NaN becomes black. */
export function toSamples(data: Float32Array, bits: 8 | 16): Samples {
  const half = white(bits) / 2;
  const samples = bits === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    samples[i] = Math.max(0, Math.min(2 * half, Math.round((data[i]! + 1) * half)));
  }
  return samples;
}

/** Scales what was between 0 and white to [-1, 1], in place. Both ends and 16-bit steps survive `toSamples` exactly. */
export function toUnitRange(values: Float32Array, bits: 8 | 16): Float32Array {
  const half = white(bits) / 2;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! / half - 1;
  return values;
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
export function holds(size: ImageSize, inner: ImageSize): boolean {
  return size.height >= inner.height && size.width >= inner.width && (size.depth ?? 0) >= (inner.depth ?? 0);
}

export function smallestSide({ depth = Infinity, height, width }: ImageSize): number {
  return Math.min(depth, height, width);
}

/** As messages say it: width first, as viewers do. */
export function showSize({ depth, height, width }: ImageSize): string {
  return depth === undefined ? `${width} × ${height}` : `${width} × ${height} × ${depth}`;
}

/** What sides are counted in. */
export function unitOf({ depth }: ImageSize): string {
  return depth === undefined ? "pixels" : "voxels";
}

/** The largest size within this one whose sides are multiples of `multiple`. */
export function cutSize(size: ImageSize, multiple: number): ImageSize {
  const cut = (side: number): number => side - (side % multiple);
  const plane = { height: cut(size.height), width: cut(size.width) };
  return size.depth === undefined ? plane : { depth: cut(size.depth), ...plane };
}
