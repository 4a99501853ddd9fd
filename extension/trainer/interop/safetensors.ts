import { RevganError } from "../../protocol/errors";
import type { HostTensor } from "../kernels/tensor";
import { elementReader, type ElementReader } from "./safetensorsTypes";
import { readHeader, type HeaderEntry } from "./safetensorsHeader";

/** Bytes of the largest file that is read: Node's limit of one buffer. */
export const maxFileBytes = 2 ** 31 - 1;

/**
 * The bytes of a safetensors file with float32 tensors, in pieces to be written in order. The pieces share the tensors' data without a
 * copy. Equal tensors give equal bytes: names are sorted by code unit, the header is padded to 8 bytes.
 *
 * @throws RangeError for a tensor whose data does not fit its shape
 */
export function safetensorsPieces(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const metadataKeys = Object.keys(metadata).sort();
  if (metadataKeys.length > 0)
    header[metadataName] = Object.fromEntries(metadataKeys.map((key) => [key, metadata[key]]));
  const entries = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of entries) {
    const elements = shape.reduce((product, length) => product * length, 1);
    if (elements !== data.length)
      throw new RangeError(`${name} has ${data.length} numbers for shape [${shape.join(", ")}]`);
    if (name === metadataName) throw new RangeError(`a tensor cannot be named ${metadataName}`);
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + data.byteLength] };
    pieces.push(littleEndian(data));
    offset += data.byteLength;
  }
  return [headerBytes(header), ...pieces];
}

/** The bytes of a safetensors file as by `safetensorsPieces`, but in one array. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return Buffer.concat(safetensorsPieces(tensors, metadata));
}

/**
 * Reads a safetensors file; every number type of the format up to 64 bits becomes float32. The tensors own their data.
 *
 * @param bytes of the whole file
 * @param fileName the file's name in error messages
 * @throws RevganError `checkpoint` for anything that the format does not allow
 */
export function decodeSafetensors(bytes: Uint8Array, fileName: string): Map<string, HostTensor> {
  const { entries, data } = readHeader(bytes, fileName);
  const tensors = new Map<string, HostTensor>();
  for (const entry of entries) tensors.set(entry.name, decodeTensor(entry, data, fileName));
  return tensors;
}

const metadataName = "__metadata__";

function decodeTensor({ name, dtype, shape, begin, end }: HeaderEntry, data: Uint8Array, fileName: string): HostTensor {
  const reader: ElementReader | undefined = elementReader(dtype);
  if (reader === undefined) {
    throw new RevganError(
      "checkpoint",
      `${fileName}: ${name} has the number type ${dtype}, which is not supported`,
      "save it as float32",
    );
  }
  const elements = shape.reduce((product, length) => product * length, 1);
  if (elements * reader.bytes !== end - begin) {
    const message = `${fileName}: ${name} has ${end - begin} bytes for shape [${shape.join(", ")}] of ${dtype}`;
    throw new RevganError("checkpoint", message, "get the file again");
  }
  return { shape, data: reader.read(data.subarray(begin, end), elements) };
}

function headerBytes(header: Record<string, unknown>): Uint8Array {
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded, " ");
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(bytes, 8);
  return bytes;
}

/**
 * The bytes of float32 numbers as files have them, little-endian. They share the numbers' memory, except on big-endian machines (IBM Z),
 * where they are a copy.
 */
export function littleEndian(data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? bytes : Buffer.from(bytes).swap32();
}
