import { createReadStream } from "node:fs";
import { open, truncate, type FileHandle } from "node:fs/promises";
import { formatLine, type MetricsLine, type ValidationLine } from "../protocol/lines";
import { writeFileAtomic } from "../files/atomic";
import { explainingDiskErrors } from "../files/diskErrors";
import { KeptLines, type Piece } from "./keptLines";
import { MetricsReader } from "./metricsReader";
import { pathIn } from "./paths";

/** Writes `metrics.jsonl` of a run that is being trained, with unique and ascending steps. The owner must close it. */
export class MetricsLog {
  private constructor(
    private readonly run: string,
    private readonly file: string,
    private readonly handle: FileHandle,
    private size: number,
    private lastStep: number,
    private lastValidation: number,
    /** The validations in the file when it was opened. */
    readonly validations: readonly ValidationLine[],
    /** A sentence about the damaged lines that were removed; null for none. */
    readonly damage: string | null,
  ) {}

  /**
   * Opens the file, and creates it if missing. Removes the lines that readers ignore: damaged and incomplete lines, and lines that later
   * lines replace.
   *
   * @param lastStep the step of the checkpoint that training resumes from; lines of later steps are removed, too
   * @throws RevganError `disk`; `run` when the file cannot be read
   */
  static async open(run: string, lastStep: number): Promise<MetricsLog> {
    const file = pathIn(run, "metrics");
    await explainingDiskErrors(file, run, async () => (await open(file, "a")).close());
    const reader = new MetricsReader(run);
    const kept = new KeptLines();
    for await (const { lines } of reader.read())
      for (const placed of lines) if (placed.line.step <= lastStep) kept.add(placed);
    await cutTo(file, run, kept.pieces());
    const handle = await explainingDiskErrors(file, run, () => open(file, "a"));
    const { size } = await handle.stat();
    const validations = kept.validations.map(({ line }) => line);
    const [step, validation] = [kept.steps.at(-1)?.step ?? 0, kept.validations.at(-1)?.step ?? -1];
    return new MetricsLog(run, file, handle, size, step, validation, validations, reader.damage);
  }

  /**
   * Appends a line.
   *
   * @throws RevganError `disk`; the file then ends with the previous line
   * @throws RangeError if the line's step is not after the lines before it
   */
  async append(line: MetricsLine): Promise<void> {
    if (!this.isNew(line))
      throw new RangeError(
        `${line.type} ${line.step} after step ${this.lastStep} and validation ${this.lastValidation}`,
      );
    const bytes = Buffer.from(formatLine(line), "utf8");
    await explainingDiskErrors(this.file, this.run, async () => {
      try {
        await this.handle.appendFile(bytes);
      } catch (error) {
        // Removes the part of the line that may have been written.
        await this.handle.truncate(this.size).catch(() => undefined);
        throw error;
      }
    });
    this.size += bytes.length;
    if (line.type === "step") this.lastStep = line.step;
    else this.lastValidation = line.step;
  }

  /** Waits until every line is on the disk. Called before a checkpoint is written, so that no step of a checkpoint is missing. */
  async sync(): Promise<void> {
    await explainingDiskErrors(this.file, this.run, () => this.handle.sync());
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Whether the line may follow the lines before it: steps ascend, and a validation comes after the line of its step. */
  private isNew({ type, step }: MetricsLine): boolean {
    return step > this.lastValidation && (type === "step" ? step > this.lastStep : step >= this.lastStep);
  }
}

/** Removes all bytes of the file outside of these ranges. */
async function cutTo(file: string, run: string, pieces: readonly Piece[]): Promise<void> {
  const [first] = pieces;
  // If a beginning of the file is kept, the file is truncated, which needs no free space on the disk.
  if (first === undefined || (pieces.length === 1 && first.begin === 0))
    await explainingDiskErrors(file, run, () => truncate(file, first?.end ?? 0));
  else await writeFileAtomic(file, contentOf(file, pieces), { run });
}

async function* contentOf(file: string, pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  for (const { begin, end } of pieces)
    yield* createReadStream(file, { start: begin, end: end - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}
