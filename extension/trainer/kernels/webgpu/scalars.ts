import type { BinaryOp } from "../kernels";
import type { Stored } from "./bufferPool";
import type { Gpu } from "./gpu";
import { mostPartials } from "./shaders/reductions";

/** Scalars that can wait on the device for being read. */
const places = 512;

/** The numbers that a reduction has left on the device, from which the host computes its result. */
class Partials {
  /** Their values, once they have been read. */
  values: Float32Array | null = null;
  users = 0;

  constructor(
    readonly place: number,
    readonly count: number,
  ) {}
}

/** A number that is known, or will be once what it is computed from has been read. */
export class Scalar {
  private known: number | null;

  /** @param from what it waits for */
  constructor(
    private from: readonly Partials[],
    private readonly compute: () => number,
    private readonly scalars: Scalars,
  ) {
    this.known = from.length === 0 ? compute() : null;
    for (const each of from) each.users++;
  }

  get value(): number {
    if (this.known === null) {
      if (this.from.some(({ values }) => values === null)) this.scalars.fetch();
      this.known = this.compute();
      this.release();
    }
    return this.known;
  }

  /** What it waits for. */
  get sources(): readonly Partials[] {
    return this.from;
  }

  /** Gives up what it waits for. */
  release(): void {
    for (const each of this.from) this.scalars.drop(each);
    this.from = [];
  }
}

const operations: Record<BinaryOp, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  maximum: Math.max,
};

/**
 * Scalars are computed on the host, from at most 64 numbers that a reduction leaves on the device, and no sooner than one of them is read: then
 * all that wait are read together. So a step reads its losses once, however many they are, and arithmetic with scalars costs no dispatch.
 */
export class Scalars {
  private arena: Stored | null = null;
  private readonly freePlaces = Array.from({ length: places }, (_, i) => places - 1 - i);
  private readonly waiting = new Set<Partials>();

  constructor(private readonly gpu: Gpu) {}

  /** Whether many more reductions can wait. */
  get hasRoom(): boolean {
    return this.freePlaces.length > places / 4;
  }

  /** A number that the host knows. */
  of(value: number): Scalar {
    return new Scalar([], () => value, this);
  }

  /**
   * A reduction that leaves \`count\` numbers.
   * @param run writes them into the buffer, the first one at this index
   * @param finish computes the result from them
   */
  reduced(
    count: number,
    run: (buffer: Stored, first: number) => void,
    finish: (values: Float32Array) => number,
  ): Scalar {
    if (this.freePlaces.length === 0) this.fetch();
    this.arena ??= this.gpu.take(4 * places * mostPartials, [places, mostPartials]);
    const partials = new Partials(this.freePlaces.pop()!, count);
    run(this.arena, partials.place * mostPartials);
    this.waiting.add(partials);
    return new Scalar([partials], () => finish(partials.values!), this);
  }

  /** The result as float32 arithmetic gives it. */
  binary(op: BinaryOp, a: Scalar, b: Scalar | number): Scalar {
    const apply = operations[op];
    if (typeof b === "number") {
      const rounded = Math.fround(b);
      return this.derived([a], () => apply(a.value, rounded));
    }
    return this.derived([a, b], () => apply(a.value, b.value));
  }

  /** Reads all that wait. */
  fetch(): void {
    const list = [...this.waiting];
    if (list.length === 0) return;
    const pieces = list.map(({ place, count }) => ({ buffer: this.arena!, first: place * mostPartials, count }));
    const values = this.gpu.read(pieces);
    let at = 0;
    for (const each of list) {
      each.values = values.slice(at, at + each.count);
      at += each.count;
      this.stopWaiting(each);
    }
  }

  drop(partials: Partials): void {
    if (--partials.users === 0 && partials.values === null) this.stopWaiting(partials);
  }

  private derived(from: readonly Scalar[], compute: () => number): Scalar {
    return new Scalar([...new Set(from.flatMap(({ sources }) => sources))], () => Math.fround(compute()), this);
  }

  private stopWaiting(partials: Partials): void {
    this.waiting.delete(partials);
    this.freePlaces.push(partials.place);
  }
}
