import { readPickle } from "./pickle";
import type { Refusal } from "./refusal";
import { type OpenTorchFile, tensorContext } from "./tensors";

/** The first pickle of a file in PyTorch's format before 1.6: the number 0x1950a86a20f9469cfc6c. */
const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");

const formatVersion = 1001;

export function isLegacyFile(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}

/**
 * Opens a file in PyTorch's format before 1.6, which `_use_new_zipfile_serialization=False` still writes: pickles of a number, a version,
 * the system, the saved value and the keys of its storages, then each storage as its length in 8 bytes and its numbers.
 */
export function openLegacyFile(bytes: Buffer, refusal: Refusal): OpenTorchFile {
  const context = tensorContext(refusal);
  let at = magic.length;
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, at, context);
    at = end;
    return value;
  };
  if (next() !== formatVersion) refusal.broken("it is of an unknown version of its format");
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true)
    refusal.foreign("was written by a machine that is not little-endian");
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) return refusal.broken("it has no list of storages");

  const places = new Map<unknown, Buffer>();
  for (const key of keys as unknown[]) {
    const storage = context.storages.get(key as string);
    if (storage === undefined || places.has(key))
      return refusal.broken("its list of storages is not that of its tensors");
    const begin = at + 8;
    const end = begin + storage.bytes;
    if (end > bytes.length) return refusal.broken(`it ends after ${bytes.length} of at least ${end} bytes`);
    if (bytes.readBigUInt64LE(at) !== BigInt(storage.length))
      return refusal.broken(`a storage has ${bytes.readBigUInt64LE(at)} numbers instead of ${storage.length}`);
    places.set(key, bytes.subarray(begin, end));
    at = end;
  }
  if (at < bytes.length) refusal.broken(`it has ${bytes.length - at} bytes too many`);
  return {
    value,
    bytesOf: ({ key }) => places.get(key) ?? refusal.broken("the numbers of a tensor are missing"),
  };
}
