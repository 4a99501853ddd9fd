import { open } from "node:fs/promises";
import { join } from "node:path";
import { type Line, type StepLine, type ValidationLine, validationLineSchema } from "../protocol/lines";
import { StepColumns } from "../protocol/stepColumns";
import { Emitter } from "./emitter";

/** Bytes of `metrics.jsonl` that are read at once; between two reads, half a millisecond, the host does its other work. */
const chunkSize = 1 << 17;

/** No line of ours has so many bytes: of a longer one only the beginning is kept, which is none. */
const longest = 1 << 20;

/**
 * Everything that `metrics.jsonl` tells of a run, in columns. Read from the file; a training of this host adds its lines as they
 * come, so that the file is read once. A step that comes again replaces itself and what came after it: a resumed run.
 */
export class RunHistory {
  readonly steps = new StepColumns();
  validations: ValidationLine[] = [];
  lastStepLine: StepLine | null = null;
  private offset = 0;
  private rest = Buffer.alloc(0);
  private loading: Promise<void> | null = null;
  private readonly found = new Emitter<number>();
  private firstFound = Infinity;

  /** Told after each piece of the file, whoever asked for it, with the number of the first step that is new or is not what it was. */
  readonly onFound = this.found.on;

  constructor(private readonly run: string) {}

  /** Takes what is new in the file. Lines that are torn or foreign are passed over. */
  async refresh(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = null));
    await this.loading;
  }

  /** Adds lines that were told; what is no metric is passed over. */
  append(lines: readonly Line[]): void {
    for (const line of lines) {
      if (line.type === "step") this.addStep(line);
      else if (line.type === "validation") this.addValidation(line);
    }
  }

  private async read(): Promise<void> {
    const file = await open(join(this.run, "metrics.jsonl")).catch(() => null);
    if (file === null) return;
    try {
      const info = await file.stat();
      if (!info.isFile()) return;
      const { size } = info;
      // Shorter than what was read: it was cut to a checkpoint, so it is read anew.
      if (size < this.offset) this.forget();
      const buffer = Buffer.allocUnsafe(chunkSize);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkSize, this.offset);
        if (bytesRead === 0) return;
        this.offset += bytesRead;
        this.take(buffer.subarray(0, bytesRead));
        this.tell();
      }
    } finally {
      await file.close();
    }
  }

  private tell(): void {
    const first = this.firstFound;
    this.firstFound = Infinity;
    if (first < Infinity) this.found.fire(first);
  }

  private take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(10);
    if (end < 0) {
      if (this.rest.length < longest) this.rest = Buffer.concat([this.rest, bytes]);
      return;
    }
    const whole = Buffer.concat([this.rest, bytes.subarray(0, end + 1)]).toString("utf8");
    this.rest = Buffer.from(bytes.subarray(end + 1));
    for (const text of whole.split("\n")) if (text !== "") this.takeLine(text);
  }

  private takeLine(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    if (isStepLine(value)) {
      this.firstFound = Math.min(this.firstFound, value.step);
      this.addStep(value);
      return;
    }
    const validation = validationLineSchema.safeParse(value);
    if (!validation.success) return;
    this.firstFound = Math.min(this.firstFound, validation.data.step + 1);
    this.addValidation(validation.data);
  }

  private addStep(line: StepLine): void {
    if (this.lastStepLine !== null && line.step <= this.lastStepLine.step) {
      this.steps.cutAfter(line.step - 1);
      this.validations = this.validations.filter(({ step }) => step < line.step);
    }
    this.steps.append(line);
    this.lastStepLine = line;
  }

  private addValidation(line: ValidationLine): void {
    this.validations = [...this.validations.filter(({ step }) => step < line.step), line];
  }

  private forget(): void {
    this.firstFound = 0;
    this.steps.truncate(0);
    this.validations = [];
    this.lastStepLine = null;
    this.offset = 0;
    this.rest = Buffer.alloc(0);
  }
}

/**
 * Whether a line can be taken into the columns, where whatever is no number becomes NaN. The whole schema would take five times as
 * long as reading the file; the panel checks the one line that it shows.
 */
function isStepLine(value: unknown): value is StepLine {
  const { type, step, losses, bytes, time } = (value ?? {}) as Partial<Record<keyof StepLine, unknown>>;
  return type === "step" && Number.isInteger(step) && isObject(losses) && isObject(bytes) && typeof time === "string";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
