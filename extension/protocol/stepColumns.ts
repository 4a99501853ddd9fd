import * as z from "zod/mini";
import type { StepLine } from "./lines";

/**
 * The values of a column. A single number where all values are equal; else a copy with a buffer of its own, because a message would carry a
 * view's whole buffer.
 */
const numbersSchema = z.union([z.number(), z.instanceof(Float32Array), z.instanceof(Float64Array)]);

export const encodedStepsSchema = z.lazy(() =>
  z.object({
    length: z.int().check(z.gte(0)),
    columns: z.record(z.string(), numbersSchema),
  }),
);

/** Steps of a run in the form in which messages hold them: column by column. */
export type EncodedSteps = z.infer<typeof encodedStepsSchema>;

/**
 * Names of the columns kept in float64, because their values need more than the 24 bits of float32's significand. The others are float32,
 * to keep 100,000 steps within the host's memory limit.
 */
const float64Columns: readonly string[] = ["step", "time", "live", "peak", "resident"];

const leastCapacity = 64;

/**
 * The most loss columns. Without a limit, a file of another program with a new loss name in every step would need a column for each step.
 */
const maxLosses = 64;

/** A loss's column is `loss.NAME`. */
const lossPrefix = "loss.";

/** A column's buffer, with spare capacity. */
type StepColumn = Float32Array | Float64Array;

/**
 * The steps of a run, a column for each figure: `step`, `epoch`, `seconds`, `learningRate`, `live`, `peak`, `resident` (bytes), `time`
 * (milliseconds since 1970) and `loss.NAME` of the first 64 losses. A figure that a step lacks is NaN. 100,000 steps take some 8 MB.
 */
export class StepColumns {
  private readonly columns = new Map<string, StepColumn>();
  private readonly lossColumns = new Map<string, string>();
  private count = 0;
  private capacity = 0;

  /** Number of steps. */
  get length(): number {
    return this.count;
  }

  /** Names of the losses, in the order in which they first came. */
  get losses(): string[] {
    return [...this.columns.keys()]
      .filter((name) => name.startsWith(lossPrefix))
      .map((name) => name.slice(lossPrefix.length));
  }

  /**
   * A column's numbers, as a view of its buffer. {@link append} and {@link extend} may replace the buffer: call this again after them.
   * Empty for an unknown name.
   */
  column(name: string): Float32Array | Float64Array {
    return this.columns.get(name)?.subarray(0, this.count) ?? new Float64Array(0);
  }

  /** The numbers of a loss, as {@link column}. */
  loss(name: string): Float32Array | Float64Array {
    return this.column(lossPrefix + name);
  }

  /** Adds a step. */
  append({ step, epoch, seconds, learningRate, bytes, residentBytes, time, losses }: StepLine): void {
    const at = this.count;
    this.grow(1);
    this.make("step")[at] = step;
    this.make("epoch")[at] = epoch;
    this.make("seconds")[at] = seconds;
    this.make("learningRate")[at] = learningRate;
    this.make("live")[at] = bytes.live;
    this.make("peak")[at] = bytes.peak;
    this.make("resident")[at] = residentBytes;
    this.make("time")[at] = Date.parse(time);
    for (const name of Object.keys(losses)) {
      const column = this.lossColumn(name);
      if (column !== null) this.make(column)[at] = losses[name]!;
    }
  }

  /** Removes the steps after `step`: a run that resumes from a checkpoint repeats them. */
  cutAfter(step: number): void {
    const steps = this.column("step");
    let length = this.count;
    while (length > 0 && steps[length - 1]! > step) length--;
    this.truncate(length);
  }

  /** Keeps the first `length` steps. */
  truncate(length: number): void {
    if (length >= this.count) return;
    for (const column of this.columns.values()) column.fill(NaN, length, this.count);
    this.count = length;
  }

  /** The steps from index `from` on. */
  encode(from = 0): EncodedSteps {
    const columns = Object.fromEntries(
      [...this.columns].map(([name, data]) => [name, shortest(data.subarray(from, this.count))]),
    );
    return { length: Math.max(0, this.count - from), columns };
  }

  /** Appends steps from a message. @throws Error if a column's length differs from `length` */
  extend({ length, columns }: EncodedSteps): void {
    const at = this.count;
    const sent = Object.entries(columns);
    for (const [name, numbers] of sent) {
      if (typeof numbers !== "number" && numbers.length !== length)
        throw new Error(`column ${name} has ${numbers.length} numbers, not ${length}`);
    }
    this.grow(length);
    for (const [name, numbers] of sent) {
      if (typeof numbers === "number") this.make(name).fill(numbers, at, at + length);
      else this.make(name).set(numbers, at);
    }
  }

  /**
   * The name of a loss's column; null beyond {@link maxLosses}. Cached: concatenating the name in each step would take a sixth of the time
   * of reading a long history.
   */
  private lossColumn(name: string): string | null {
    const known = this.lossColumns.get(name);
    if (known !== undefined) return known;
    if (this.lossColumns.size >= maxLosses) return null;
    this.lossColumns.set(name, lossPrefix + name);
    return lossPrefix + name;
  }

  private make(name: string): StepColumn {
    const known = this.columns.get(name);
    if (known !== undefined) return known;
    const column = blank(name, this.capacity);
    this.columns.set(name, column);
    return column;
  }

  /** Grows every column to the same capacity. */
  private grow(by: number): void {
    this.count += by;
    if (this.count <= this.capacity) return;
    // Grows by a quarter: doubling would waste up to half of the memory.
    this.capacity = Math.max(leastCapacity, Math.ceil(this.count * 1.25));
    for (const [name, column] of this.columns) {
      const larger = blank(name, this.capacity);
      larger.set(column);
      this.columns.set(name, larger);
    }
  }
}

function blank(name: string, length: number): StepColumn {
  return (float64Columns.includes(name) ? new Float64Array(length) : new Float32Array(length)).fill(NaN);
}

/**
 * The most compact exact encoding of a column: one number where all its values are equal (nearly always true of learning rates and tensor
 * bytes); else float32 where that is exact (steps, and resident bytes, which are multiples of a memory page); else float64. A column whose
 * values are all NaN or infinite stays an array, because JSON has no numbers for these.
 */
function shortest(numbers: StepColumn): EncodedSteps["columns"][string] {
  const [first] = numbers;
  if (first !== undefined && Number.isFinite(first) && numbers.every((each) => each === first)) return first;
  const narrow = new Float32Array(numbers);
  return numbers instanceof Float32Array || numbers.every((each, i) => Object.is(each, narrow[i]))
    ? narrow
    : new Float64Array(numbers);
}
