import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { type DecoderLimits, FileFault, firstLine, sizeOfFile, unreadable } from "../data/decoder/decoderFiles";
import { headBytes } from "./niftiFields";
import { readHeader, type NiftiHeader } from "./niftiHeader";
import { type Stored, swapBytes, machineIsLittleEndian } from "./niftiType";

/** A volume as it is stored in its file. */
export interface NiftiFile {
  readonly header: NiftiHeader;
  /** Everything before the voxels: the header and its extensions. */
  readonly before: Buffer;
  /**
   * The stored numbers, before `slope` and `intercept`: `[channels, depth, height, width]`, for colours `[depth, height, width, channels]`.
   */
  readonly stored: Stored;
}

/** Bytes after the voxels that are still read, so that gzip's checksum at the end of a file is verified. */
const trailing = 2 ** 20;

/** The highest compression ratio of deflate. */
const mostPacked = 1032;

/**
 * Reads a volume. Whether it is packed by gzip is recognised by its content.
 * @throws FileFault naming the file
 */
export async function readNifti(file: string, limits: DecoderLimits): Promise<NiftiFile> {
  const size = await sizeOfFile(file, limits.maxBytes, "make it smaller, or cut it into parts");
  const packed = await isGzipped(file);
  const content = new ContentCollector(file, size * (packed ? mostPacked : 1), limits);
  await readUnpacked(file, packed, (chunk) => content.add(chunk));
  return content.complete();
}

/**
 * Reads the header of a volume, and no more of the file than that needs.
 * @throws FileFault naming the file
 */
export async function readNiftiHeader(file: string, limits: DecoderLimits): Promise<NiftiHeader> {
  await sizeOfFile(file, limits.maxBytes, "make it smaller, or cut it into parts");
  let head = Buffer.alloc(0);
  await readUnpacked(file, await isGzipped(file), (chunk) => {
    head = Buffer.concat([head, chunk]);
    return head.length < headBytes ? "more" : "enough";
  });
  return readHeader(file, head, limits.maxValues);
}

/** Reads a file and unpacks it. @param take gets the unpacked bytes in chunks, until it returns "enough" */
async function readUnpacked(file: string, packed: boolean, take: (chunk: Buffer) => "enough" | "more"): Promise<void> {
  const raw = createReadStream(file);
  const stream = packed ? raw.pipe(createGunzip()) : raw;
  // Errors of the file are passed on here, because `pipe` does not forward them.
  raw.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) if (take(chunk as Buffer) === "enough") break;
  } catch (cause) {
    if (cause instanceof FileFault) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (!code.startsWith("Z_")) throw unreadable(file, cause);
    const reason = code === "Z_BUF_ERROR" ? "it ends too early" : firstLine(cause);
    throw new FileFault(`${file} is damaged: ${reason}`, replaceRemedy, "file", { cause });
  } finally {
    raw.destroy();
  }
}

const replaceRemedy = "replace it by a whole copy, or remove it";

async function isGzipped(file: string): Promise<boolean> {
  const stream = createReadStream(file, { end: 1 });
  try {
    for await (const chunk of stream) return (chunk as Buffer).equals(Buffer.of(0x1f, 0x8b));
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return false;
}

/** Collects a file's bytes. Allocates no more than a file of this size can contain, whatever its header claims. */
class ContentCollector {
  private head = Buffer.alloc(0);
  private header: NiftiHeader | null = null;
  private before = Buffer.alloc(0);
  private voxels = new ArrayBuffer(0);
  private seen = 0;

  constructor(
    private readonly file: string,
    /** The most bytes that the file can unpack to. */
    private readonly most: number,
    private readonly limits: DecoderLimits,
  ) {}

  add(chunk: Buffer): "enough" | "more" {
    if (this.header !== null) return this.take(chunk, this.header);
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length < headBytes) return "more";
    this.begin();
    return this.take(this.head, this.header!);
  }

  complete(): NiftiFile {
    // The file is smaller than the longest header, so that `add` has not begun.
    if (this.header === null) {
      this.begin();
      this.take(this.head, this.header!);
    }
    const header = this.header!;
    if (this.seen < header.start + header.length) throw this.cutOff(header);
    const stored = header.type.over(this.voxels, header.length / header.type.bytes);
    return {
      header: { ...header, fields: header.fields.over(this.before) },
      before: this.before,
      stored: inMachineOrder(stored, header),
    };
  }

  private begin(): void {
    const header = readHeader(this.file, this.head, this.limits.maxValues);
    const needed = header.start + header.length;
    if (needed > this.most) throw this.cutOff(header);
    if (needed > this.limits.maxBytes)
      throw new FileFault(
        `${this.file} unpacks to more than the ${Math.round(this.limits.maxBytes / 2 ** 20)} MiB that are read`,
        "make it smaller, or cut it into parts",
      );
    this.header = header;
    this.before = Buffer.alloc(header.start);
    this.voxels = new ArrayBuffer(header.length);
  }

  private take(chunk: Buffer, { start, length }: NiftiHeader): "enough" | "more" {
    if (this.seen < start) chunk.copy(this.before, this.seen);
    const from = Math.max(0, start - this.seen);
    const to = this.seen + from - start;
    if (from < chunk.length && to < length)
      new Uint8Array(this.voxels).set(chunk.subarray(from, from + length - to), to);
    this.seen += chunk.length;
    return this.seen < start + length + trailing ? "more" : "enough";
  }

  private cutOff({ start, length }: NiftiHeader): FileFault {
    return new FileFault(`${this.file} is damaged: it ends before its ${start + length} bytes`, replaceRemedy);
  }
}

function inMachineOrder(stored: Stored, { fields, type }: NiftiHeader): Stored {
  if (fields.littleEndian !== machineIsLittleEndian) swapBytes(stored, type.bytes);
  return stored;
}

/** The largest magnitude of a value. Larger ones are treated as damage, because sums of them would overflow float32. */
const largestMagnitude = 2 ** 100;

/** A volume's values, by their index in the file. */
export interface Voxels {
  /** The scaled value; NaN for infinities and magnitudes beyond `largestMagnitude`. */
  readonly at: (index: number) => number;
  readonly length: number;
  /** Distances, counted in numbers of the file, of two channels of a voxel, and of two neighbours along x. */
  readonly channelStep: number;
  readonly voxelStep: number;
}

export function voxelsOf({ slope, intercept, type, size, channels }: NiftiHeader, stored: Stored): Voxels {
  const colours = type.numbers > 1;
  // 64-bit integers are converted to doubles once, as by nibabel: converting a BigInt at each access would be far slower.
  const numbers =
    stored instanceof BigInt64Array || stored instanceof BigUint64Array ? Float64Array.from(stored, Number) : stored;
  return {
    at: (index) => {
      const value = numbers[index]! * slope + intercept;
      return Math.abs(value) <= largestMagnitude ? value : NaN;
    },
    length: stored.length,
    channelStep: colours ? 1 : size.depth * size.height * size.width,
    voxelStep: colours ? channels : 1,
  };
}
