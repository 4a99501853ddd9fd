import type { FileHandle } from "node:fs/promises";
import { RevganError } from "../protocol/errors";
import type { MetricsLine } from "../protocol/lines";
import { isAbsent, openFile, whyUnreadable } from "../files/limitedRead";
import { parseMetricsLine } from "./metricsLine";
import { pathIn } from "./paths";

/** Bytes per read. One read takes about half a millisecond, and the event loop runs between two reads. */
const chunkSize = 1 << 17;

/** The most bytes of a valid line. A longer line counts as damaged, and no more than this of it is kept in memory. */
const longestLineBytes = 1 << 20;

/** How many bytes before the current position are remembered and compared at the next read, to detect that the file was replaced. */
const witnessSize = 256;

/** The most damaged lines whose numbers a message gives. */
const mostNamedLines = 3;

/** A line and its range of bytes in the file: `begin` is its first byte, `end` the first byte after its line feed. */
export interface PlacedLine {
  readonly begin: number;
  readonly end: number;
  readonly line: MetricsLine;
}

/** The result of one read. */
export interface MetricsPiece {
  /** Whether the file was truncated or replaced, so that all lines read before must be discarded. */
  readonly isAnew: boolean;
  readonly lines: readonly PlacedLine[];
}

/**
 * Reads `metrics.jsonl` in pieces, since it may be larger than memory; later calls of {@link read} read only what was appended. Damaged
 * lines are skipped and counted. An incomplete last line is left for the next call, because it may still be being written.
 */
export class MetricsReader {
  private readonly file: string;
  /** The position of the next read; `begin` is the start of the line that contains that position. */
  private offset = 0;
  private begin = 0;
  private rest: Buffer[] = [];
  private witness: Buffer = Buffer.alloc(0);
  private lineNumber = 0;
  private damagedCount = 0;
  private damaged: number[] = [];

  constructor(run: string) {
    this.file = pathIn(run, "metrics");
  }

  /** A sentence about the lines that were skipped: "lines 3 and 8 of FILE are damaged and left out"; null for none. */
  get damage(): string | null {
    const { damaged, damagedCount } = this;
    if (damagedCount === 0) return null;
    if (damagedCount === 1) return `line ${damaged[0]!} of ${this.file} is damaged and left out`;
    const words = damaged.map(String);
    const last = damagedCount > damaged.length ? `${damagedCount - damaged.length} more` : words.pop()!;
    return `lines ${words.join(", ")} and ${last} of ${this.file} are damaged and left out`;
  }

  /**
   * Reads what was appended since the last call. Yields nothing if the file does not exist. @throws RevganError `run` when the file cannot
   * be read
   */
  async *read(): AsyncGenerator<MetricsPiece> {
    const openedFile = await openFile(this.file).catch((cause: unknown) => {
      if (isAbsent(cause)) return null;
      throw this.unreadable(cause);
    });
    if (openedFile === null) return;
    const { handle, size } = openedFile;
    try {
      let isAnew = !(await this.isContinued(handle, size));
      if (isAnew) this.forget();
      const buffer = Buffer.allocUnsafe(chunkSize);
      for (;;) {
        const { bytesRead } = await this.readAt(handle, buffer, this.offset);
        if (bytesRead === 0 && !isAnew) return;
        yield { isAnew, lines: this.take(buffer.subarray(0, bytesRead)) };
        isAnew = false;
      }
    } finally {
      await handle.close();
    }
  }

  private async isContinued(handle: FileHandle, size: number): Promise<boolean> {
    const { offset, witness } = this;
    if (size < offset) return false;
    const now = Buffer.alloc(witness.length);
    await this.readAt(handle, now, offset - witness.length);
    return now.equals(witness);
  }

  private async readAt(handle: FileHandle, buffer: Buffer, position: number): Promise<{ bytesRead: number }> {
    return handle.read(buffer, 0, buffer.length, position).catch((cause: unknown) => {
      throw this.unreadable(cause);
    });
  }

  private unreadable(cause: unknown): RevganError {
    const remedy = "restore it from a copy, or use another run";
    return new RevganError("run", `${this.file} ${whyUnreadable(cause)}`, remedy, { cause });
  }

  private take(bytes: Buffer): PlacedLine[] {
    const lines: PlacedLine[] = [];
    let from = 0;
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, from)) {
      const end = this.offset + newline + 1;
      const line = this.parse(bytes.subarray(from, newline), end);
      if (line !== null) lines.push({ begin: this.begin, end, line });
      this.begin = end;
      from = newline + 1;
    }
    this.offset += bytes.length;
    // Copies the rest of the bytes, because the buffer is reused for the next read.
    if (this.offset - this.begin <= longestLineBytes && from < bytes.length)
      this.rest.push(Buffer.from(bytes.subarray(from)));
    const recent = Buffer.concat([this.witness, bytes.subarray(-witnessSize)]);
    this.witness = recent.subarray(-witnessSize);
    return lines;
  }

  /**
   * @param last the bytes of the line that are in this read; earlier ones are in `rest`. @param end the position after the line's line
   * feed. @returns null for a damaged line
   */
  private parse(last: Buffer, end: number): MetricsLine | null {
    this.lineNumber += 1;
    const text = this.rest.length === 0 ? last : Buffer.concat([...this.rest, last]);
    this.rest = [];
    const line = end - 1 - this.begin > longestLineBytes ? null : parseMetricsLine(text.toString("utf8"));
    if (line !== null) return line;
    this.damagedCount += 1;
    if (this.damaged.length < mostNamedLines) this.damaged.push(this.lineNumber);
    return null;
  }

  private forget(): void {
    this.offset = 0;
    this.begin = 0;
    this.rest = [];
    this.witness = Buffer.alloc(0);
    this.lineNumber = 0;
    this.damagedCount = 0;
    this.damaged = [];
  }
}
