/** Reads the numbers of one type and converts them to float32. */
export interface ElementReader {
  /** Number of bytes of an element. */
  readonly bytes: number;
  /** @param bytes little-endian, of `count` elements, at any alignment */
  read(bytes: Uint8Array, count: number): Float32Array;
}

/** The reader of a number type. @returns undefined for a type that is not supported, such as F8_E4M3 */
export function elementReader(dtype: string): ElementReader | undefined {
  return Object.hasOwn(readers, dtype) ? readers[dtype] : undefined;
}

const oneByOne = (bytes: number, element: (view: DataView, offset: number) => number): ElementReader => ({
  bytes,
  read(source, count) {
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    return Float32Array.from({ length: count }, (_, index) => element(view, index * bytes));
  },
});

const readers: Readonly<Record<string, ElementReader>> = {
  F32: { bytes: 4, read: readFloat32 },
  F64: oneByOne(8, (view, at) => view.getFloat64(at, true)),
  F16: oneByOne(2, (view, at) => halfToNumber(view.getUint16(at, true))),
  BF16: oneByOne(2, (view, at) => bfloatToNumber(view.getUint16(at, true))),
  // Integers occur as num_batches_tracked of batch norms.
  I64: oneByOne(8, (view, at) => Number(view.getBigInt64(at, true))),
  U64: oneByOne(8, (view, at) => Number(view.getBigUint64(at, true))),
  I32: oneByOne(4, (view, at) => view.getInt32(at, true)),
  U32: oneByOne(4, (view, at) => view.getUint32(at, true)),
  I16: oneByOne(2, (view, at) => view.getInt16(at, true)),
  U16: oneByOne(2, (view, at) => view.getUint16(at, true)),
  I8: oneByOne(1, (view, at) => view.getInt8(at)),
  U8: oneByOne(1, (view, at) => view.getUint8(at)),
  BOOL: oneByOne(1, (view, at) => view.getUint8(at)),
};

function readFloat32(source: Uint8Array, count: number): Float32Array {
  const result = new Float32Array(count);
  const bytes = Buffer.from(result.buffer);
  bytes.set(source);
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (!isLittleEndian) bytes.swap32();
  return result;
}

/** Converts an IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** A bfloat16, which is the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
