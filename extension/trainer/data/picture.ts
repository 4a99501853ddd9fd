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

/** Height and width in pixels. */
export interface ImageSize {
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

/**
 * A size from a configuration.
 * @param value a side, `[height, width]`, or null for the image's own size
 */
export function imageSize(value: number | readonly number[] | null): ImageSize | null {
  if (value === null) return null;
  if (typeof value === "number") return { height: value, width: value };
  return { height: value[0]!, width: value[1]! };
}

export function sameSize(a: ImageSize, b: ImageSize): boolean {
  return a.height === b.height && a.width === b.width;
}

/** As messages say it: width first, as image viewers do. */
export function showSize(size: ImageSize): string {
  return `${size.width} × ${size.height}`;
}

/** The largest size within this one whose sides are multiples of `multiple`. */
export function cutSize(size: ImageSize, multiple: number): ImageSize {
  const cut = (side: number): number => side - (side % multiple);
  return { height: cut(size.height), width: cut(size.width) };
}
