/** Numbers as a volume file stores them, in this machine's byte order. */
export type Stored =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** How a volume file stores a voxel. */
export interface NiftiType {
  readonly code: number;
  readonly name: string;
  /** Bytes of one stored number. */
  readonly bytes: number;
  /** Numbers of a voxel that are stored one after the other: several for colours, else 1. */
  readonly numbers: number;
  /** The least and the greatest double that the type can hold; null for floating point. */
  readonly range: readonly [number, number] | null;
  readonly store: (length: number) => Stored;
  /** Makes an array over a buffer's bytes, from the first one on, without a copy. */
  readonly over: (buffer: ArrayBuffer, length: number) => Stored;
}

interface StoredConstructor {
  new (length: number): Stored;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Stored;
  readonly BYTES_PER_ELEMENT: number;
}

function niftiType(code: number, name: string, array: unknown, range: NiftiType["range"], numbers = 1): NiftiType {
  const Stored = array as StoredConstructor;
  return {
    code,
    name,
    bytes: Stored.BYTES_PER_ELEMENT,
    numbers,
    range,
    store: (length) => new Stored(length),
    over: (buffer, length) => new Stored(buffer, 0, length),
  };
}

/** The type that is written where the file's own type cannot hold the values. */
export const float32 = niftiType(16, "float32", Float32Array, null);

/** The types of nifti1.h that are read and written. */
const types: readonly NiftiType[] = [
  niftiType(2, "uint8", Uint8Array, [0, 255]),
  niftiType(4, "int16", Int16Array, [-32768, 32767]),
  niftiType(8, "int32", Int32Array, [-(2 ** 31), 2 ** 31 - 1]),
  float32,
  niftiType(64, "float64", Float64Array, null),
  niftiType(128, "rgb24", Uint8Array, [0, 255], 3),
  niftiType(256, "int8", Int8Array, [-128, 127]),
  niftiType(512, "uint16", Uint16Array, [0, 65535]),
  niftiType(768, "uint32", Uint32Array, [0, 2 ** 32 - 1]),
  niftiType(1024, "int64", BigInt64Array, [-(2 ** 63), 2 ** 63 - 2 ** 10]),
  niftiType(1280, "uint64", BigUint64Array, [0, 2 ** 64 - 2 ** 11]),
  niftiType(2304, "rgba32", Uint8Array, [0, 255], 4),
];

/** Types that are refused: their values are no real numbers, or their format differs between machines. */
const refused: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex64",
  1536: "float128",
  1792: "complex128",
  2048: "complex256",
};

/** The type with a code, or the reason why it is not supported. */
export function typeOf(code: number): NiftiType | { readonly refused: string } {
  const known = types.find((each) => each.code === code);
  if (known !== undefined) return known;
  const name = refused[code];
  return {
    refused:
      name === undefined ? `has the unknown data type ${code}` : `has voxels of ${name}, which are not supported`,
  };
}

export const machineIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reverses the bytes of every number, in place. */
export function swapBytes(stored: Stored, bytes: number): void {
  const all = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes === 2) all.swap16();
  else if (bytes === 4) all.swap32();
  else if (bytes === 8) all.swap64();
}
