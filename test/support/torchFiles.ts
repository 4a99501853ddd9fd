import { smallZip, type ZipMember } from "./smallZip";

/*
 * Writes files in PyTorch's two formats. Their pickles are put together from single operations, named as in `pickletools`, so that tests
 * can make any content, also hostile content.
 */

/** Joins operations given as characters, byte values, or bytes. */
export function pickle(...parts: readonly (string | number | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "number") return Buffer.from([part]);
      return typeof part === "string" ? Buffer.from(part, "latin1") : part;
    }),
  );
}

export const stop = ".";
export const proto = pickle(0x80, 2);

/** The operation BINUNICODE: a text. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return pickle("X", length, bytes);
}

/** The operation BININT: an integer of 32 bits. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return pickle("J", bytes);
}

/** The operation GLOBAL: a class or function of a module. */
export function global(module: string, name: string): Buffer {
  return pickle(`c${module}\n${name}\n`);
}

export function tuple(...values: readonly Buffer[]): Buffer {
  return pickle("(", ...values, "t");
}

/** The arguments of PyTorch's `_rebuild_tensor_v2` and of its storage; by default the tensor is a whole storage of float32. */
export interface TensorPlan {
  readonly key?: string;
  readonly type?: string;
  /** The storage's number of elements; by default that of the shape. */
  readonly length?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
  /** In the format before 1.6, the description of the storage of which this storage is a view. */
  readonly view?: Buffer;
}

export function tensor({
  key = "0",
  type = "FloatStorage",
  shape = [2],
  length = shape.reduce((product, side) => product * side, 1),
  offset = 0,
  strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1)),
  view,
}: TensorPlan = {}): Buffer {
  const id = tuple(
    text("storage"),
    global("torch", type),
    text(key),
    text("cpu"),
    int(length),
    ...(view === undefined ? [] : [view]),
  );
  const counts = (values: readonly number[]): Buffer => tuple(...values.map(int));
  const hooks = pickle(global("collections", "OrderedDict"), ")R");
  const args = tuple(pickle(id, "Q"), int(offset), counts(shape), counts(strides), pickle(0x89), hooks);
  return pickle(global("torch._utils", "_rebuild_tensor_v2"), args, "R");
}

/** The operations that make a dict of these values. */
export function dict(values: Readonly<Record<string, Buffer>>): Buffer {
  return pickle("}(", ...Object.entries(values).flatMap(([name, value]) => [text(name), value]), "u");
}

/** A complete pickle of one value. */
export function pickled(value: Buffer): Buffer {
  return pickle(proto, value, stop);
}

/** The numbers 1, 2, 3 and so on as float32. */
export function floats(count: number): Buffer {
  return Buffer.from(Float32Array.from({ length: count }, (_, i) => i + 1).buffer);
}

/** A file in PyTorch's format since 1.6: a zip. @param content the pickle. @param more further members */
export function zipFile(
  content: Buffer,
  storages: Readonly<Record<string, Buffer>>,
  more: readonly ZipMember[] = [],
): Buffer {
  const members = Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, content: bytes }));
  return smallZip(
    [{ name: "archive/data.pkl", content }, ...members, ...more].map((member) => ({ stored: true, ...member })),
  );
}

/** A file in PyTorch's format before 1.6: pickles, then the storages. @param content the main pickle */
export function legacyFile(content: Buffer, storages: Readonly<Record<string, Buffer>>): Buffer {
  const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
  const system = pickled(dict({ little_endian: pickle(0x88) }));
  const keys = pickled(pickle("](", ...Object.keys(storages).map(text), "e"));
  const numbers = Object.values(storages).flatMap((bytes) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length / 4));
    return [length, bytes];
  });
  return Buffer.concat([magic, pickled(int(1001)), system, content, keys, ...numbers]);
}
