import { createReadStream } from "node:fs";
import { open, truncate, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { formatLine, type MetricsLine } from "../../protocol/lines";
import { writeFileAtomic } from "./atomic";
import { writing } from "./diskErrors";
import { fileLines } from "./fileLines";

/** `metrics.jsonl` of a run that is being trained: steps are unique and ascending. The owner closes it. */
export class MetricsLog {
  private constructor(
    private readonly run: string,
    private readonly file: string,
    private readonly handle: FileHandle,
    private size: number,
    private last: Position,
    /** Lines that were cut on opening: after the checkpoint, torn, or not ascending. */
    readonly cutLines: number,
  ) {}

  /**
   * @param lastStep the step of the checkpoint that training goes on from; later lines are cut
   * @throws RevganError `disk`
   */
  static async open(run: string, lastStep: number): Promise<MetricsLog> {
    const file = join(run, "metrics.jsonl");
    await writing(file, run, async () => (await open(file, "a")).close());
    const { pieces, cut, last } = await keptUntil(file, lastStep);
    if (cut > 0) await cutTo(file, run, pieces);
    const handle = await writing(file, run, () => open(file, "a"));
    return new MetricsLog(run, file, handle, (await handle.stat()).size, last, cut);
  }

  /**
   * @throws RevganError `disk`; the file then ends with the line before
   * @throws RangeError if the step is not a new one
   */
  async append(line: MetricsLine): Promise<void> {
    if (!follows(line, this.last))
      throw new RangeError(`${line.type} ${line.step} after ${this.last.type} ${this.last.step}`);
    const bytes = Buffer.from(formatLine(line), "utf8");
    await writing(this.file, this.run, async () => {
      try {
        await this.handle.appendFile(bytes);
      } catch (error) {
        // A line may have been written in part.
        await this.handle.truncate(this.size).catch(() => undefined);
        throw error;
      }
    });
    this.size += bytes.length;
    this.last = { type: line.type, step: line.step };
  }

  /** Waits until the disk has every line; before a checkpoint is written, so that none of its steps can be missing. */
  async sync(): Promise<void> {
    await writing(this.file, this.run, () => this.handle.sync());
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

interface Position {
  readonly type: "step" | "validation";
  readonly step: number;
}

/** A step follows a smaller one; a validation follows its step. */
function follows(line: Position, last: Position): boolean {
  return line.step > last.step || (line.step === last.step && line.type === "validation" && last.type === "step");
}

/** What stays of the file: pieces from a first byte to the one after their last, and its last line. */
interface Kept {
  readonly pieces: readonly { readonly begin: number; readonly end: number }[];
  readonly cut: number;
  readonly last: Position;
}

async function keptUntil(file: string, lastStep: number): Promise<Kept> {
  const pieces: { begin: number; end: number }[] = [];
  let cut = 0;
  let last: Position = { type: "step", step: 0 };
  for await (const { begin, end, text } of fileLines(file)) {
    const position = text === null ? undefined : positionOf(text);
    if (position === undefined || position.step > lastStep || !follows(position, last)) {
      cut++;
      continue;
    }
    const piece = pieces.at(-1);
    if (piece?.end === begin) piece.end = end;
    else pieces.push({ begin, end });
    last = position;
  }
  return { pieces, cut, last };
}

/** Leaves nothing but the pieces. */
async function cutTo(file: string, run: string, pieces: Kept["pieces"]): Promise<void> {
  const [first] = pieces;
  // Cutting an end off needs no room, however large the file is.
  if (first === undefined || (pieces.length === 1 && first.begin === 0))
    await writing(file, run, () => truncate(file, first?.end ?? 0));
  else await writeFileAtomic(file, contentOf(file, pieces), { run });
}

async function* contentOf(file: string, pieces: Kept["pieces"]): AsyncGenerator<Uint8Array> {
  for (const { begin, end } of pieces)
    yield* createReadStream(file, { start: begin, end: end - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

/** @returns undefined for a line that is torn or not one of ours */
function positionOf(text: string): Position | undefined {
  try {
    const { type, step } = JSON.parse(text) as { type?: unknown; step?: unknown };
    const isOurs = (type === "step" || type === "validation") && Number.isSafeInteger(step);
    return isOurs ? { type, step: step as number } : undefined;
  } catch {
    return undefined;
  }
}
