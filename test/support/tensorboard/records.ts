import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { crc32c } from "../../../extension/trainer/tensorboard/crc32c";
import { decodeEvent, type EventMessage } from "../../../extension/trainer/tensorboard/eventMessages";

/** The path of the event file in a folder; fails unless there is exactly one. */
export function eventFileIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.includes("tfevents"));
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
}

/** The events of a file. Fails if a checksum is wrong. An incomplete record at the end is skipped, as in TensorBoard. */
export function eventsIn(file: string): EventMessage[] {
  const bytes = readFileSync(file);
  const events: EventMessage[] = [];
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(unmasked(bytes.readUInt32LE(at + 8))).toBe(crc32c(bytes.subarray(at, at + 8)));
    const end = at + 12 + length;
    if (end + 4 > bytes.length) break;
    const data = bytes.subarray(at + 12, end);
    expect(unmasked(bytes.readUInt32LE(end))).toBe(crc32c(data));
    events.push(decodeEvent(data));
    at = end + 4;
  }
  return events;
}

/** Undoes the masking of checksums that TensorFlow's `crc32c.h` defines. */
function unmasked(crc: number): number {
  const rotated = (crc - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** All scalars as pairs of step and value, in the order of the file, by tag. */
export function scalarsIn(events: readonly EventMessage[]): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  for (const { step, summary } of events)
    for (const { tag, simpleValue } of summary?.value ?? [])
      if (simpleValue !== undefined) (found[tag] ??= []).push([step, simpleValue]);
  return found;
}
