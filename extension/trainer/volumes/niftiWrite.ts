import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writeWhole } from "../data/decoder/wholeFile";
import { inOtherOrder, machineIsLittleEndian } from "./byteOrder";
import type { NiftiFile } from "./niftiRead";
import type { Stored } from "./niftiType";

/** Numbers that are turned around at a time. */
const chunk = 2 ** 20;

/**
 * Writes a volume in its header's byte order, packed where the name ends with .gz. The file is whole or absent; missing folders
 * are made.
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeNifti(
  { header, before, stored }: NiftiFile,
  file: string,
  overwrite: boolean,
): Promise<void> {
  const turned = header.fields.littleEndian !== machineIsLittleEndian;
  const bytes = Readable.from(parts(before, stored, turned ? header.type.bytes : 1));
  await writeWhole(file, overwrite, async (path) => {
    const target = createWriteStream(path, { flags: "wx" });
    await (/\.gz$/i.test(file) ? pipeline(bytes, createGzip(), target) : pipeline(bytes, target));
  });
}

function* parts(before: Buffer, stored: Stored, turnedBytes: number): Generator<Buffer> {
  yield before;
  for (let from = 0; from < stored.length; from += chunk) {
    const part = stored.slice(from, from + chunk);
    inOtherOrder(part, turnedBytes);
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
}
