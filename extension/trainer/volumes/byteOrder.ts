import type { Stored } from "./niftiType";

export const machineIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns the bytes of every number around, in place. */
export function inOtherOrder(stored: Stored, bytes: number): void {
  const all = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes === 2) all.swap16();
  else if (bytes === 4) all.swap32();
  else if (bytes === 8) all.swap64();
}
