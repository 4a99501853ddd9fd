import { open, readFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { formatLine, type MetricsLine } from "../../protocol/lines";
import { writeFileAtomic } from "./atomic";
import { writing } from "./diskErrors";

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
    const bytes = await readOrEmpty(file);
    const { kept, cut, last } = keepUntil(bytes, lastStep);
    if (cut > 0) await writeFileAtomic(file, kept, { run });
    const handle = await writing(file, run, () => open(file, "a"));
    return new MetricsLog(run, file, handle, kept.reduce((sum, line) => sum + line.length, 0), last, cut);
  }

  /**
   * @throws RevganError `disk`; the file then ends with the line before
   * @throws RangeError if the step is not a new one
   */
  async append(line: MetricsLine): Promise<void> {
    if (!follows(line, this.last)) throw new RangeError(`${line.type} ${line.step} after ${this.last.type} ${this.last.step}`);
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

function keepUntil(bytes: Buffer, lastStep: number): { kept: Buffer[]; cut: number; last: Position } {
  const kept: Buffer[] = [];
  let cut = 0;
  let last: Position = { type: "step", step: 0 };
  for (let begin = 0; begin < bytes.length; ) {
    const newline = bytes.indexOf(10, begin);
    const end = newline === -1 ? bytes.length : newline + 1;
    const position = newline === -1 ? undefined : positionOf(bytes.toString("utf8", begin, newline));
    if (position !== undefined && position.step <= lastStep && follows(position, last)) {
      kept.push(bytes.subarray(begin, end));
      last = position;
    } else {
      cut++;
    }
    begin = end;
  }
  return { kept, cut, last };
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

async function readOrEmpty(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
