import { crc32c } from "./crc32c";

/**
 * A record of a TFRecord file: the length in 8 bytes, the checksum of these, the data, the checksum of the data; numbers are little-endian
 * (`tensorflow/core/lib/io/record_writer.h`).
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(data.length + 16);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), data.length + 12);
  return record;
}

/** TensorFlow's masked CRC-32C, which stays a good checksum where checksummed data contain checksums. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
