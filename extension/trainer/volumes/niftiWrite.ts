import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writeAtomically } from "../data/decoder/decoderFiles";
import { swapBytes, machineIsLittleEndian, type Stored, float32, type NiftiType } from "./niftiType";
import type { NiftiFile } from "./niftiRead";
import { fromUnitRange } from "./intensity";
import { refinedAffine, type Affine, type Triple } from "./affine";
import { qformAffine, readHeader, type NiftiHeader } from "./niftiHeader";
import type { NiftiFields } from "./niftiFields";
import { refinedGrid } from "./grids";
import type { Volume, WrittenType } from "./volume";

/** Number of values whose bytes are swapped at a time. */
const chunk = 2 ** 20;

/**
 * Writes a volume in its header's byte order, gzipped where the name ends with .gz. See `writeAtomically`.
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeNifti(
  { header, before, stored }: NiftiFile,
  file: string,
  overwrite: boolean,
): Promise<void> {
  const turned = header.fields.littleEndian !== machineIsLittleEndian;
  const bytes = Readable.from(fileParts(before, stored, turned ? header.type.bytes : 1));
  await writeAtomically(file, overwrite, async (path) => {
    const target = createWriteStream(path, { flags: "wx" });
    await (/\.gz$/i.test(file) ? pipeline(bytes, createGzip(), target) : pipeline(bytes, target));
  });
}

function* fileParts(before: Buffer, stored: Stored, turnedBytes: number): Generator<Buffer> {
  yield before;
  for (let from = 0; from < stored.length; from += chunk) {
    const part = stored.slice(from, from + chunk);
    swapBytes(part, turnedBytes);
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
}

/**
 * A translated volume as a file: with the header and the extensions of the file that it came from, in which only changed fields are
 * replaced. Integers are rounded and clamped to their type's range. Where the window exceeds that range, float32 is written.
 *
 * @param description for the header's `descrip` field
 */
export function niftiOf(volume: Volume, wanted: WrittenType, description: string): NiftiFile {
  const before = Buffer.from(volume.before);
  const source = readHeader(description, before, Infinity);
  const type = wanted === "input" && canHold(source, volume) ? source.type : float32;
  const scale = type === source.type ? source : { slope: 1, intercept: 0 };
  const { fields } = source;
  setShape(source, volume, type);
  fields.set("vox_offset", before.length);
  fields.set("scl_slope", scale.slope);
  fields.set("scl_inter", scale.intercept);
  fields.set("cal_min", 0);
  fields.set("cal_max", 0);
  if (volume.regridded !== null) moveGrid(fields, source.size, volume.regridded.factors);
  fields.writeDescription(description);
  const stored = storedOf(volume, type, scale);
  return { header: readHeader(description, before, Infinity), before, stored };
}

/** Whether the data type of the input can hold the translation. */
function canHold(
  { type, slope, intercept }: { type: NiftiType; slope: number; intercept: number },
  { window, channels }: Volume,
): boolean {
  if (type.numbers > 1 && type.numbers !== channels) return false;
  if (type.range === null) return true;
  const ends = [window.low, window.high].map((value) => (value - intercept) / slope);
  return Math.min(...ends) >= type.range[0] - 0.5 && Math.max(...ends) <= type.range[1] + 0.5;
}

/** Sets the fields of sizes and data type. Axes beyond the third are kept where the number of channels has not changed. */
function setShape(
  { fields, channels: before, type: old }: NiftiHeader,
  { depth, height, width, channels }: Volume,
  type: NiftiType,
): void {
  const along = channels / type.numbers;
  const others = along === before / old.numbers ? [] : [along, 1, 1, 1];
  for (const [i, side] of [width, height, depth, ...others].entries()) fields.set("dim", side, i + 1);
  if (others.length > 0) fields.set("dim", along > 1 ? 4 : 3);
  else if (depth > 1) fields.set("dim", Math.max(3, fields.get("dim")));
  fields.set("datatype", type.code);
  fields.set("bitpix", 8 * type.bytes * type.numbers);
}

/** Updates the qform, the sform and the voxel sizes for the upsampled grid. */
function moveGrid(fields: NiftiFields, size: NiftiFile["header"]["size"], factors: Triple): void {
  const { map } = refinedGrid(size, factors);
  const start: Triple = [map[3]!, map[7]!, map[11]!];
  const turned = refinedAffine(qformAffine(fields), factors, start);
  const placed = refinedAffine(sform(fields), factors, start);
  for (const [i, value] of placed.entries()) fields.set("srow", value, i);
  for (let i = 0; i < 3; i++) {
    fields.set("qoffset", turned[4 * i + 3]!, i);
    fields.set("pixdim", fields.get("pixdim", i + 1) / factors[i]!, i + 1);
  }
}

function sform(fields: NiftiFields): Affine {
  return Array.from({ length: 12 }, (_, i) => fields.get("srow", i));
}

function storedOf(
  { data, channels, window }: Volume,
  type: NiftiType,
  { slope, intercept }: { slope: number; intercept: number },
): Stored {
  const stored = type.store(data.length);
  const voxels = data.length / channels;
  const wide = stored instanceof BigInt64Array || stored instanceof BigUint64Array;
  for (let voxel = 0; voxel < voxels; voxel++) {
    for (let c = 0; c < channels; c++) {
      const value = clampedToType((fromUnitRange(data[voxel * channels + c]!, window) - intercept) / slope, type.range);
      const to = type.numbers > 1 ? voxel * channels + c : c * voxels + voxel;
      if (wide) stored[to] = BigInt(value);
      else stored[to] = value;
    }
  }
  return stored;
}

/** The nearest value that a type can hold; NaN becomes 0 in integer types. */
function clampedToType(value: number, range: NiftiType["range"]): number {
  if (range === null) return value;
  return Number.isNaN(value) ? 0 : Math.max(range[0], Math.min(range[1], Math.round(value)));
}
