import type { Binary } from "./binary";
import { readElf } from "./elf";
import { readMachO } from "./machO";
import { readPe } from "./pe";

/** Null for what is no library of 64 bits for Linux, macOS or Windows. */
export function readBinary(bytes: Buffer): Binary | null {
  const magic = bytes.readUInt32LE(0);
  if (magic === 0x464c457f) return readElf(bytes);
  if (magic === 0xfeedfacf) return readMachO(bytes);
  return magic % 0x10000 === 0x5a4d ? readPe(bytes) : null;
}
