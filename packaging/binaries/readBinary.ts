import type { Binary } from "./binary";
import { readElf } from "./elf";
import { readMachO } from "./machO";
import { readPe } from "./pe";

/** Reads a compiled file; null if it is not a 64-bit library for Linux, macOS or Windows. */
export function readBinary(bytes: Buffer): Binary | null {
  const magic = bytes.readUInt32LE(0);
  if (magic === 0x464c457f) return readElf(bytes);
  if (magic === 0xfeedfacf) return readMachO(bytes);
  return magic % 0x10000 === 0x5a4d ? readPe(bytes) : null;
}
