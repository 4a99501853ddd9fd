import type { BinaryOp } from "../kernels";
import type { Stored } from "./bufferPool";
import type { Gpu } from "./gpu";
import { mostPartials } from "./shaders/reductions";

/** The most reductions whose numbers can wait on the device to be read. */
const places = 512;

/** The numbers that a reduction leaves on the device, from which the host computes its result. */
class Partials {
  /** The numbers, once they have been read; else null. */
  values: Float32Array | null = null;
  users = 0;

  constructor(
    readonly place: number,
    readonly count: number,
  ) {}
}

/** A scalar whose value the host knows, or can compute once the reductions that it depends on have been read. */
export class Scalar {
  private known: number | null;

  /** @param from the reductions that the value depends on */
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

  /** The reductions that the value still depends on; none once it is known. */
  get sources(): readonly Partials[] {
    return this.from;
  }

  /** Drops the reductions that the value depends on. */
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
 * Scalars are computed on the host. A reduction leaves at most 64 numbers on the device; when the first scalar is read, the numbers of all
 * waiting reductions are read together. So a step reads all its losses in one read, and arithmetic with scalars needs no dispatch.
 */
export class Scalars {
  private arena: Stored | null = null;
  private readonly freePlaces = Array.from({ length: places }, (_, i) => places - 1 - i);
  private readonly waiting = new Set<Partials>();

  constructor(private readonly gpu: Gpu) {}

  /** Whether more than a quarter of the places for waiting reductions are free. */
  get hasRoom(): boolean {
    return this.freePlaces.length > places / 4;
  }

  /** A scalar of a known value. */
  of(value: number): Scalar {
    return new Scalar([], () => value, this);
  }

  /**
   * The result of a reduction that leaves `count` numbers on the device.
   * @param run dispatches the reduction, which writes its numbers into the buffer from the index `first` on
   * @param finish computes the result from these numbers
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

  /** Applies an operation to scalars, rounded as in float32 arithmetic. */
  binary(op: BinaryOp, a: Scalar, b: Scalar | number): Scalar {
    const apply = operations[op];
    if (typeof b === "number") {
      const rounded = Math.fround(b);
      return this.derived([a], () => apply(a.value, rounded));
    }
    return this.derived([a, b], () => apply(a.value, b.value));
  }

  /** Reads the numbers of all waiting reductions. */
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
