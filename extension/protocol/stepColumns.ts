import * as z from "zod/mini";
import type { StepLine } from "./lines";

/** How a column's numbers travel: little-endian, as base64, so that it goes through JSON and through VS Code's messages alike. */
const encodedColumnSchema = z.object({ bits: z.union([z.literal(32), z.literal(64)]), data: z.string() });

export const encodedStepsSchema = z.object({ length: z.int().check(z.gte(0)), columns: z.record(z.string(), encodedColumnSchema) });

/** Some steps of a run, ready to be sent. */
export type EncodedSteps = z.infer<typeof encodedStepsSchema>;

/** Steps and bytes need more digits than 32 bits hold; 100,000 steps of everything else in 64 would cost the host its bound. */
const wide: readonly string[] = ["step", "time", "live", "peak", "resident"];

/** A loss's column is `loss.NAME`. */
const lossPrefix = "loss.";

/** Numbers of a column, in a buffer that grows. */
interface Column {
  bits: 32 | 64;
  data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/**
 * The steps of a run, a column for each figure: `step`, `epoch`, `seconds`, `learningRate`, `live`, `peak`, `resident` (bytes),
 * `time` (milliseconds since 1970) and `loss.NAME`. A figure that a step lacks is NaN. 100,000 steps take some 8 MB.
 */
export class StepColumns {
  private readonly columns = new Map<string, Column>();
  private readonly lossColumns = new Map<string, string>();
  private count = 0;

  /** Number of steps. */
  get length(): number {
    return this.count;
  }

  /** Names of the losses, in the order in which they first came. */
  get losses(): string[] {
    return [...this.columns.keys()].filter((name) => name.startsWith(lossPrefix)).map((name) => name.slice(lossPrefix.length));
  }

  /** A column's numbers: a view that the next {@link append} or {@link extend} may leave behind. Empty for an unknown name. */
  column(name: string): Float32Array | Float64Array {
    return this.columns.get(name)?.data.subarray(0, this.count) ?? new Float64Array(0);
  }

  /** The numbers of a loss, as {@link column}. */
  loss(name: string): Float32Array | Float64Array {
    return this.column(lossPrefix + name);
  }

  /** Adds a step. */
  append({ step, epoch, seconds, learningRate, bytes, residentBytes, time, losses }: StepLine): void {
    const at = this.count;
    this.grow(1);
    this.make("step").data[at] = step;
    this.make("epoch").data[at] = epoch;
    this.make("seconds").data[at] = seconds;
    this.make("learningRate").data[at] = learningRate;
    this.make("live").data[at] = bytes.live;
    this.make("peak").data[at] = bytes.peak;
    this.make("resident").data[at] = residentBytes;
    this.make("time").data[at] = Date.parse(time);
    for (const name of Object.keys(losses)) this.make(this.lossColumn(name)).data[at] = losses[name]!;
  }

  /** Forgets the steps after `step`: a run that goes on from a checkpoint takes them again. */
  cutAfter(step: number): void {
    const steps = this.column("step");
    let length = this.count;
    while (length > 0 && steps[length - 1]! > step) length--;
    this.truncate(length);
  }

  /** Keeps the first `length` steps. */
  truncate(length: number): void {
    this.count = Math.min(this.count, length);
    for (const column of this.columns.values()) column.data.fill(NaN, this.count);
  }

  /** The steps from index `from` on. */
  encode(from = 0): EncodedSteps {
    const columns = Object.fromEntries([...this.columns].map(([name, { bits, data }]) => [name, { bits, data: toBase64(data.slice(from, this.count)) }]));
    return { length: Math.max(0, this.count - from), columns };
  }

  /** Adds steps that were sent. @throws Error if a column is not as long as it says */
  extend({ length, columns }: EncodedSteps): void {
    const at = this.count;
    const decoded = Object.entries(columns).map(([name, { bits, data }]) => ({ name, bits, numbers: fromBase64(bits, data) }));
    for (const { name, numbers } of decoded) if (numbers.length !== length) throw new Error(`column ${name} has ${numbers.length} numbers, not ${length}`);
    this.grow(length);
    for (const { name, bits, numbers } of decoded) this.make(name, bits).data.set(numbers, at);
  }

  /** A loss's column. Joined anew for each step, the names alone would take a sixth of the time that a long history takes to read. */
  private lossColumn(name: string): string {
    const known = this.lossColumns.get(name);
    if (known !== undefined) return known;
    this.lossColumns.set(name, lossPrefix + name);
    return lossPrefix + name;
  }

  private make(name: string, wanted?: 32 | 64): Column {
    const known = this.columns.get(name);
    if (known !== undefined) return known;
    const bits = wanted ?? (wide.includes(name) ? 64 : 32);
    const column: Column = { bits, data: blank(bits, Math.max(this.count, 64)) };
    this.columns.set(name, column);
    return column;
  }

  private grow(by: number): void {
    this.count += by;
    for (const column of this.columns.values()) {
      if (column.data.length >= this.count) continue;
      // A quarter in reserve: doubling would waste as much as it holds.
      const data = blank(column.bits, Math.ceil(this.count * 1.25));
      data.set(column.data);
      column.data = data;
    }
  }
}

function blank(bits: 32 | 64, length: number): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  return (bits === 32 ? new Float32Array(length) : new Float64Array(length)).fill(NaN);
}

function toBase64(numbers: Float32Array | Float64Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const pieces: string[] = [];
  // A call takes only so many arguments; spreading them would be six times slower.
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 0x8000) as unknown as number[]));
  return btoa(pieces.join(""));
}

function fromBase64(bits: 32 | 64, text: string): Float32Array | Float64Array {
  const bytes = atob(text);
  const { buffer } = new Uint8Array(bytes.length);
  const view = new Uint8Array(buffer);
  // A loop: Uint8Array.from with a function takes thirty times as long, and a long run has ten million of these.
  for (let i = 0; i < bytes.length; i++) view[i] = bytes.charCodeAt(i);
  return bits === 32 ? new Float32Array(buffer) : new Float64Array(buffer);
}
