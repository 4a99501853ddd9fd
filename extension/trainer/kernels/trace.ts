import type { BytesByPart } from "./ledger";

/** Something that took time. Times in milliseconds, as `performance.now()` has them. */
export interface Span {
  readonly name: string;
  /** What kind of thing it is: an operation of the engine, a part of the network, a term of the objective, or something of the loop. */
  readonly kind: "operation" | "part" | "term" | "loop";
  /** The part of the network that it belongs to, for an operation. */
  readonly part: string | null;
  readonly start: number;
  readonly duration: number;
  /** Shapes of the tensors that an operation was given. */
  readonly shapes: readonly (readonly number[])[];
}

/** Live tensor bytes at a moment. */
export interface BytesThen {
  readonly at: number;
  readonly bytes: BytesByPart;
}

/** What a training was seen to do, in the order in which it ended. */
export class Trace {
  readonly spans: Span[] = [];
  readonly bytes: BytesThen[] = [];

  /** A training of days would fill the memory: nothing is noted any more once this is false. */
  isOpen = true;

  add(span: Span): void {
    if (this.isOpen) this.spans.push(span);
  }

  /** Notes something that began at `start` and ends now. */
  since(start: number, name: string, kind: Span["kind"]): void {
    this.add({ name, kind, part: null, start, duration: performance.now() - start, shapes: [] });
  }

  /** Notes the live bytes of now. */
  count(bytes: Readonly<BytesByPart>): void {
    if (this.isOpen) this.bytes.push({ at: performance.now(), bytes: { ...bytes } });
  }
}
