import type { BytesByPart } from "./ledger";

/** A timed span; times are milliseconds of `performance.now()`. */
export interface Span {
  readonly name: string;
  /** An operation of the engine, a part of the network, a term of the objective, or work of the training loop. */
  readonly kind: "operation" | "part" | "term" | "loop";
  /** For an operation: the part of the network that it was run for. */
  readonly part: string | null;
  readonly start: number;
  readonly duration: number;
  /** For an operation: shapes of its input tensors. */
  readonly shapes: readonly (readonly number[])[];
}

/** Live tensor bytes at one time. */
export interface BytesSample {
  readonly at: number;
  readonly bytes: BytesByPart;
}

/** Spans and live bytes of a profiled training; spans in the order of their ends. */
export class Trace {
  readonly spans: Span[] = [];
  readonly bytes: BytesSample[] = [];

  /** Set to false to stop recording: a training of days would fill the memory. */
  isOpen = true;

  add(span: Span): void {
    if (this.isOpen) this.spans.push(span);
  }

  /** Adds a span from `start` to now. */
  addSpan(start: number, name: string, kind: Span["kind"]): void {
    this.add({ name, kind, part: null, start, duration: performance.now() - start, shapes: [] });
  }

  /** Adds a sample of the live bytes, with the current time. */
  addBytes(bytes: Readonly<BytesByPart>): void {
    if (this.isOpen) this.bytes.push({ at: performance.now(), bytes: { ...bytes } });
  }
}
