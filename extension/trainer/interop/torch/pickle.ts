import { shownName, type Refusal } from "./refusal";
import { refusedOperations } from "./refusedOperations";

/** A function or type that a pickle may refer to by name. */
export interface PickleGlobal {
  readonly name: string;
  /** The result of calling it; absent for a global that cannot be called. */
  readonly call?: (args: readonly unknown[]) => unknown;
}

/** What a pickle may refer to outside itself. */
export interface PickleContext {
  /** The global with that name; undefined if it is not allowed. */
  readonly global: (name: string) => PickleGlobal | undefined;
  /** The object that a persistent id stands for, for example a storage. */
  readonly persistent: (id: unknown) => unknown;
  readonly refusal: Refusal;
}

/** A `dict` or an `OrderedDict`. */
export type PickleDict = ReadonlyMap<unknown, unknown>;

/**
 * Limits for one pickle. A tensor takes 25 operations, so that thousands of blocks fit. An operation pushes or stores at most one value, so
 * their number also bounds the stack, the memo and the tensors.
 */
export const pickleLimits = { bytes: 32 * 1024 * 1024, operations: 2_000_000, openMarks: 64 };

/**
 * Reads one of the pickles that PyTorch writes. A pickle is a program. Only these operations are carried out: those that build numbers,
 * texts, lists, tuples (both as arrays) and dicts (as maps), and those that name or call a global, limited to the globals of `context`.
 * Values are never traversed, so a value that refers to itself many times over costs nothing.
 *
 * @returns the value, and the offset of the byte after the pickle
 * @throws what `context.refusal` throws
 */
export function readPickle(bytes: Buffer, start: number, context: PickleContext): { value: unknown; end: number } {
  const machine = new PickleMachine(bytes, start, context);
  const value = machine.run();
  return { value, end: machine.at };
}

class PickleMachine {
  private stack: unknown[] = [];
  /** The stacks that were set aside at each open mark. */
  private readonly below: unknown[][] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(
    private readonly bytes: Buffer,
    public at: number,
    private readonly context: PickleContext,
  ) {}

  run(): unknown {
    const last = Math.min(this.bytes.length, this.at + pickleLimits.bytes);
    for (let count = 0; count < pickleLimits.operations && this.at < last; count++) {
      const code = this.bytes[this.at++]!;
      if (code === stop) return this.pop();
      const operation = operations[code];
      if (operation === undefined) return this.refuseOperation(code);
      operation(this);
    }
    return this.refusal.broken(
      this.at >= this.bytes.length ? "its pickle is cut" : "its pickle is longer than that of any network",
    );
  }

  get refusal(): Refusal {
    return this.context.refusal;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) this.refusal.broken("its pickle takes a value that is not there");
    return this.stack.pop();
  }

  /** Returns the last value, and leaves it on the stack. */
  last(): unknown {
    if (this.stack.length === 0) this.refusal.broken("its pickle takes a value that is not there");
    return this.stack.at(-1);
  }

  mark(): void {
    if (this.below.length >= pickleLimits.openMarks) this.refusal.broken("its pickle is nested too deeply");
    this.below.push(this.stack);
    this.stack = [];
  }

  /** Removes the values since the last mark, and the mark, and returns the values. */
  sinceMark(): unknown[] {
    const values = this.stack;
    this.stack = this.below.pop() ?? this.refusal.broken("its pickle takes a mark that is not there");
    return values;
  }

  remember(index: number): void {
    this.memo.set(index, this.last());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(index: number): void {
    if (!this.memo.has(index)) this.refusal.broken("its pickle recalls a value that it never had");
    this.push(this.memo.get(index));
  }

  /** Reads the next `length` bytes. */
  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) this.refusal.broken("its pickle is cut");
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  /** Reads the next bytes up to a line feed, as text. */
  line(): string {
    const end = this.bytes.indexOf("\n", this.at);
    if (end < 0) return this.refusal.broken("its pickle is cut");
    const text = this.take(end - this.at).toString("utf8");
    this.at++;
    return text;
  }

  pushGlobal(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string")
      return this.refusal.broken("its pickle names a global by what is no text");
    const full = `${module}.${name}`;
    this.push(this.context.global(full) ?? this.refusal.foreign(`asks for ${shownName(full)}`));
  }

  call(): void {
    const [args, callee] = [this.pop(), this.pop() as Partial<PickleGlobal> | null | undefined];
    if (!Array.isArray(args) || typeof callee?.call !== "function")
      return this.refusal.foreign(`calls ${shownName(callee?.name ?? "what is no function")}`);
    this.push(callee.call(args));
  }

  /** Drops the attributes of an `OrderedDict`, such as a state dict's `_metadata`, which have no influence on its tensors. */
  dropState(): void {
    this.pop();
    if (!(this.last() instanceof Map)) this.refusal.foreign("sets the state of an object");
  }

  append(values: readonly unknown[]): void {
    const list = this.last();
    if (!Array.isArray(list)) return this.refusal.broken("its pickle appends to what is no list");
    for (const value of values) list.push(value);
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.last();
    if (!(dict instanceof Map) || items.length % 2 !== 0)
      return this.refusal.broken("its pickle sets items of what is no dict");
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  pushPersistent(): void {
    this.push(this.context.persistent(this.pop()));
  }

  private refuseOperation(code: number): never {
    const name = refusedOperations[code];
    return name === undefined
      ? this.refusal.broken(`its pickle has the byte ${code} where an operation is expected`)
      : this.refusal.foreign(`has the pickle operation ${name}, which PyTorch does not write for tensors`);
  }
}

type Operation = (machine: PickleMachine) => void;

const code = (character: string): number => character.charCodeAt(0);
const stop = code(".");

const text =
  (lengthOf: (machine: PickleMachine) => number, encoding: "utf8" | "latin1" = "utf8"): Operation =>
  (machine) =>
    machine.push(machine.take(lengthOf(machine)).toString(encoding));
const tupleOf =
  (length: number): Operation =>
  (machine) =>
    machine.push(Array.from({ length }, () => machine.pop()).reverse());
const byte = (machine: PickleMachine): number => machine.take(1)[0]!;
const word = (machine: PickleMachine): number => machine.take(4).readUInt32LE();

/**
 * A little-endian integer in two's complement, of up to 255 bytes. One beyond the safe integers stays a bigint, which no reader here
 * accepts.
 */
function long(bytes: Buffer): number | bigint {
  let value = 0n;
  for (const each of [...bytes].reverse()) value = value * 256n + BigInt(each);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

/** The pickle operations that are carried out, by their byte: those that Python's picklers write for tensors in protocols 2 to 5. */
const operations: Readonly<Record<number, Operation>> = {
  0x80: (machine) => void machine.take(1), // PROTO
  0x95: (machine) => void machine.take(8), // FRAME
  [code("(")]: (machine) => machine.mark(),
  [code(")")]: (machine) => machine.push([]),
  [code("t")]: (machine) => machine.push(machine.sinceMark()),
  0x85: tupleOf(1),
  0x86: tupleOf(2),
  0x87: tupleOf(3),
  [code("]")]: (machine) => machine.push([]),
  [code("a")]: (machine) => machine.append([machine.pop()]),
  [code("e")]: (machine) => machine.append(machine.sinceMark()),
  [code("}")]: (machine) => machine.push(new Map()),
  [code("s")]: (machine) => machine.setItems([machine.pop(), machine.pop()].reverse()),
  [code("u")]: (machine) => machine.setItems(machine.sinceMark()),
  [code("N")]: (machine) => machine.push(null),
  0x88: (machine) => machine.push(true),
  0x89: (machine) => machine.push(false),
  [code("K")]: (machine) => machine.push(byte(machine)),
  [code("M")]: (machine) => machine.push(machine.take(2).readUInt16LE()),
  [code("J")]: (machine) => machine.push(machine.take(4).readInt32LE()),
  0x8a: (machine) => machine.push(long(machine.take(byte(machine)))),
  [code("G")]: (machine) => machine.push(machine.take(8).readDoubleBE()),
  [code("X")]: text(word),
  0x8c: text(byte),
  // Texts as Python 2 writes them.
  [code("T")]: text(word, "latin1"),
  [code("U")]: text(byte, "latin1"),
  [code("q")]: (machine) => machine.remember(byte(machine)),
  [code("r")]: (machine) => machine.remember(word(machine)),
  0x94: (machine) => machine.rememberNext(),
  [code("h")]: (machine) => machine.recall(byte(machine)),
  [code("j")]: (machine) => machine.recall(word(machine)),
  [code("c")]: (machine) => machine.pushGlobal(machine.line(), machine.line()),
  0x93: (machine) => {
    const [name, module] = [machine.pop(), machine.pop()];
    machine.pushGlobal(module, name);
  },
  [code("R")]: (machine) => machine.call(),
  [code("b")]: (machine) => machine.dropState(),
  [code("Q")]: (machine) => machine.pushPersistent(),
};
