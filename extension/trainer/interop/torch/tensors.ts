import { elements, type HostTensor } from "../../kernels/tensor";
import { elementReader } from "../safetensorsTypes";
import type { PickleContext, PickleDict, PickleGlobal } from "./pickle";
import { type Refusal, shownName } from "./refusal";

/** Numbers of one type that a file stores under a key, and that are not read yet. */
export class Storage {
  constructor(
    readonly key: string,
    /** The type's name in safetensors. */
    readonly dtype: string,
    readonly length: number,
  ) {}

  get bytes(): number {
    return this.length * elementReader(this.dtype)!.bytes;
  }
}

/** A tensor of which only storage, place and shape are known, not the numbers. */
export class UnreadTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** One of PyTorch's files after its pickle was read. */
export interface OpenTorchFile {
  /** The object that was saved. */
  readonly value: unknown;
  /** The bytes of a storage, exactly as many as it declares. */
  readonly bytesOf: (storage: Storage) => Uint8Array;
}

/** PyTorch's storages whose numbers can be read, with the names of their types in safetensors. */
const storageTypes: Readonly<Record<string, string>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

interface StorageType extends PickleGlobal {
  readonly dtype: string;
}

const mostAxes = 8;

/** The most numbers of all tensors of a file together: 2 GiB as float32, although a number in the file may have taken only one byte. */
const mostNumbers = 2 ** 29;

/**
 * The globals that a pickle of tensors may refer to. Calling them builds {@link UnreadTensor}s and dicts.
 * @returns also the storages that the pickle has named so far, by key
 */
export function tensorContext(refusal: Refusal): PickleContext & { readonly storages: ReadonlyMap<string, Storage> } {
  const storages = new Map<string, Storage>();
  const globals = new Map<string, PickleGlobal>();
  const allow = (name: string, call: NonNullable<PickleGlobal["call"]>): void => void globals.set(name, { name, call });
  allow("collections.OrderedDict", ([items]) => orderedDict(items, refusal));
  allow("torch._utils._rebuild_tensor_v2", (args) => unreadTensor(args, refusal));
  // The name in PyTorch before 0.4.
  allow("torch._utils._rebuild_tensor", (args) => unreadTensor(args, refusal));
  allow("torch._utils._rebuild_parameter", ([tensor]) =>
    tensor instanceof UnreadTensor ? tensor : refusal.broken("a parameter has no tensor"),
  );
  for (const [name, dtype] of Object.entries(storageTypes)) {
    for (const module of ["torch", "torch.cuda"]) {
      const type: StorageType = { name: `${module}.${name}`, dtype };
      globals.set(type.name, type);
    }
  }
  return {
    global: (name) => globals.get(name),
    persistent: (id) => namedStorage(id, storages, refusal),
    refusal,
    storages,
  };
}

/** Builds an `OrderedDict`. Python 2 passes its items to the call, later versions set them afterwards. */
function orderedDict(items: unknown, refusal: Refusal): PickleDict {
  const dict = new Map<unknown, unknown>();
  if (items === undefined) return dict;
  if (!Array.isArray(items)) return refusal.broken("a dict has no list of items");
  for (const item of items) {
    if (!Array.isArray(item) || item.length !== 2) return refusal.broken("an item of a dict is no pair");
    dict.set(item[0], item[1]);
  }
  return dict;
}

/** The storage of `("storage", type, key, device, length)`; files before PyTorch 1.6 add a sixth element, which describes a view. */
function namedStorage(id: unknown, storages: Map<string, Storage>, refusal: Refusal): Storage {
  const [what, type, key, , length, view] = Array.isArray(id) ? (id as unknown[]) : [];
  const dtype = (type as Partial<StorageType> | null | undefined)?.dtype;
  if (what !== "storage" || dtype === undefined || typeof key !== "string" || !isCount(length))
    return refusal.broken("a storage is described in another way than PyTorch does");
  if (view !== undefined && view !== null) return refusal.foreign("has a storage that is a view of another one");
  const known = storages.get(key);
  if (known === undefined) {
    const storage = new Storage(key, dtype, length);
    storages.set(key, storage);
    return storage;
  }
  if (known.dtype !== dtype || known.length !== length)
    return refusal.broken(`storage ${shownName(key)} is described in two ways`);
  return known;
}

function unreadTensor([storage, offset, shape, strides]: readonly unknown[], refusal: Refusal): UnreadTensor {
  if (!(storage instanceof Storage) || !isCount(offset) || !areCounts(shape) || !areCounts(strides))
    return refusal.broken("a tensor is described in another way than PyTorch does");
  if (shape.length !== strides.length || shape.length > mostAxes)
    return refusal.broken(`a tensor has ${shape.length} axes and ${strides.length} strides`);
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, offset);
  if (!shape.includes(0) && !(last < storage.length))
    return refusal.broken(`a tensor reaches beyond its storage of ${storage.length} numbers`);
  // The lists are copied, because the pickle may still change them.
  return new UnreadTensor(storage, offset, [...shape], [...strides]);
}

/**
 * The numbers of tensors as float32, in the order of their axes whatever their strides are. Tensors that share a storage may share their
 * data.
 *
 * @param bytesOf the bytes of a storage, exactly as many as it declares
 */
export function readTensors(
  unread: ReadonlyMap<string, UnreadTensor>,
  bytesOf: (storage: Storage) => Uint8Array,
  refusal: Refusal,
): Map<string, HostTensor> {
  // With strides of 0 and shared storages a small file could ask for any amount of numbers, so their total is limited.
  const storages = new Set([...unread.values()].map(({ storage }) => storage));
  const there = [...storages].reduce((sum, { length }) => sum + length, 0);
  if (there > mostNumbers) refusal.broken(`it has ${there} numbers, more than the ${mostNumbers} that are read`);
  const wanted = [...unread.values()].reduce((sum, { shape }) => sum + elements(shape), 0);
  if (!(wanted <= there)) refusal.foreign(`has tensors of ${wanted} numbers and storages of ${there}: some are shared`);
  const numbers = new Map<Storage, Float32Array>();
  for (const storage of storages)
    numbers.set(storage, elementReader(storage.dtype)!.read(bytesOf(storage), storage.length));
  return new Map([...unread].map(([name, tensor]) => [name, tensorOf(tensor, numbers.get(tensor.storage)!)]));
}

function tensorOf({ offset, shape, strides }: UnreadTensor, numbers: Float32Array): HostTensor {
  const count = elements(shape);
  const isWhole = shape.every((side, axis) => side === 1 || strides[axis] === elements(shape.slice(axis + 1)));
  if (isWhole || count === 0) return { shape, data: numbers.subarray(offset, offset + count) };
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let [rest, from] = [i, offset];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    data[i] = numbers[from]!;
  }
  return { shape, data };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}
