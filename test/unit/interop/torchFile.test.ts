import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RevganError } from "../../../extension/protocol/errors";
import { pickleLimits } from "../../../extension/trainer/interop/torch/pickle";
import { decodeTorchFile } from "../../../extension/trainer/interop/torch/torchFile";
import {
  dict,
  floats,
  global,
  int,
  legacyFile,
  pickle,
  pickled,
  tensor,
  text,
  tuple,
  zipFile,
} from "../../support/torchFiles";

const saved = (name: string): Buffer => readFileSync(join("test", "data", "pytorch", name));

/** -2, -1.75, -1.5 and so on: what the files of `test/data/pytorch` hold. */
const number = (i: number): number => i / 4 - 2;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => number(i));

async function read(bytes: Buffer): Promise<Record<string, { shape: readonly number[]; data: number[] }>> {
  const tensors = await decodeTorchFile(bytes, "weights.pth");
  return Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));
}

/** The line that refuses a file; it names the file. */
async function refusal(bytes: Buffer): Promise<string> {
  const error: unknown = await decodeTorchFile(bytes, "weights.pth").catch((thrown: unknown) => thrown);
  if (!(error instanceof RevganError)) throw new Error("the file was read, or reading it failed", { cause: error });
  expect(error.code).toBe("checkpoint");
  expect(error.message).toMatch(/^weights\.pth [^\p{Cc}]+$/u);
  return error.message;
}

describe("what torch.save writes", () => {
  it.each(["types.pth", "types-legacy.pth", "types-protocol-4.pth"])(
    "%s: every type as float32, with any strides",
    async (name) => {
      const columns = [0, 3, 1, 4, 2, 5].map(number);
      const permuted = Array.from(
        { length: 24 },
        (_, n) => Math.floor(n / 6) + 12 * (Math.floor(n / 3) % 2) + 4 * (n % 3),
      );
      expect(await read(saved(name))).toEqual({
        float: { shape: [2, 3], data: numbers(6) },
        half: { shape: [5], data: numbers(5) },
        bfloat: { shape: [5], data: numbers(5) },
        double: { shape: [5], data: numbers(5) },
        count: { shape: [], data: [7] },
        empty: { shape: [0, 3], data: [] },
        transposed: { shape: [3, 2], data: columns },
        permuted: { shape: [4, 2, 3], data: permuted.map(number) },
        part: { shape: [2, 3], data: [7, 9, 11, 13, 15, 17].map(number) },
        parameter: { shape: [3], data: numbers(3) },
      });
    },
  );

  it.each(["state_dict", "model"])("a checkpoint's %s, whatever else is beside it", async (wrapper) => {
    expect(await read(saved(`checkpoint-${wrapper}.pth`))).toEqual({
      weight: { shape: [2, 2], data: numbers(4) },
      bias: { shape: [2], data: numbers(2) },
    });
  });

  it.each([
    ["checkpoint-both.pth", "has a state dict under state_dict and under model"],
    ["network.pth", "asks for torch.nn.modules.linear.Linear, and only tensors are read"],
    ["shared.pth", "has tensors of 12 numbers and storages of 6: some are shared"],
  ])("%s is refused", async (name, says) => expect(await refusal(saved(name))).toContain(says));
});

const one = { "0": floats(2) };
const plain = pickled(dict({ w: tensor() }));

describe.each([
  ["a zip", zipFile],
  ["the format before PyTorch 1.6", legacyFile],
] as const)("in %s", (_, file) => {
  it("a state dict is read", async () => {
    expect(await read(file(plain, one))).toEqual({ w: { shape: [2], data: [1, 2] } });
  });

  it("the items of a dict may be arguments, and texts bytes, as Python 2 writes them", async () => {
    const items = pickle("](](", "U\x01w", tensor(), "ee");
    const old = pickled(pickle(global("collections", "OrderedDict"), items, pickle(0x85), "R"));
    expect(await read(file(old, one))).toEqual({ w: { shape: [2], data: [1, 2] } });
  });

  it.each([
    ["os.system", pickle(global("os", "system"), tuple(text("touch marker")), "R")],
    ["posix.system", pickle(text("posix"), text("system"), pickle(0x93), tuple(text("id")), "R")],
    ["builtins.eval", pickle(global("builtins", "eval"), tuple(text("1")), "R")],
    ["torch._utils._rebuild_tensor_v3", global("torch._utils", "_rebuild_tensor_v3")],
    ["torch.UntypedStorage", tensor({ type: "UntypedStorage" })],
  ])("%s is refused by name", async (name, value) => {
    const says = `asks for ${name}, and only tensors are read`;
    expect(await refusal(file(pickled(value), one))).toContain(says);
    expect(await refusal(file(pickled(dict({ w: tensor(), x: value })), one))).toContain(says);
  });

  it.each([
    ["protocol 0 calls a function", pickle("(", text("ls"), "ios\nsystem\n"), "has the pickle operation INST"],
    ["protocol 0 writes a text", pickle("S'ls'\n"), "has the pickle operation STRING"],
    ["protocol 0 asks for a function", pickle("cos\nsystem\n(S'ls'\ntR"), "asks for os.system"],
    [
      "an object is made",
      pickle(global("torch", "FloatStorage"), ")", pickle(0x81)),
      "has the pickle operation NEWOBJ",
    ],
    ["a type is called", pickle(global("torch", "FloatStorage"), ")R"), "calls torch.FloatStorage"],
    ["a number is called", pickle(int(1), ")R"), "calls what is no function"],
    ["the state of a tensor is set", pickle(tensor(), dict({ data: int(1) }), "b"), "sets the state of an object"],
    ["a registered extension", pickle(0x82, 1), "has the pickle operation EXT1"],
  ])("%s: refused", async (_, value, says) => {
    expect(await refusal(file(pickled(value), one))).toContain(says);
  });

  it.each([
    ["a global named by a tuple", pickle(tuple(), tuple(), pickle(0x93)), "names a global by what is no text"],
    ["more values than there are", pickle("R"), "takes a value that is not there"],
    ["a mark that is not there", pickle("t"), "takes a mark that is not there"],
    ["a memo that is not there", pickle("h\x05"), "recalls a value that it never had"],
    ["a text longer than the file", pickle("X\xff\xff\xff\xff"), "its pickle is cut"],
    ["a byte that is no operation", pickle("\xff"), "has the byte 255"],
    ["marks in marks", pickle("(".repeat(pickleLimits.openMarks + 1)), "is nested too deeply"],
    ["a storage under no key", pickle(tuple(text("storage")), "Q"), "a storage is described in another way"],
    ["a negative length", tensor({ length: -1 }), "a storage is described in another way"],
    ["a tensor beyond its storage", tensor({ offset: 1, length: 2 }), "reaches beyond its storage of 2 numbers"],
    ["a negative stride", tensor({ strides: [-1] }), "a tensor is described in another way"],
    ["an axis without a stride", tensor({ strides: [] }), "has 1 axes and 0 strides"],
    ["a storage of two lengths", dict({ a: tensor(), b: tensor({ length: 3 }) }), "storage 0 is described in two ways"],
  ])("%s: not a whole file", async (_, value, says) => {
    expect(await refusal(file(pickled(value), one))).toContain(says);
  });

  it.each([
    ["a list", pickled(pickle("]", tensor(), "a")), "holds no state dict"],
    [
      "a number beside tensors",
      pickled(dict({ w: tensor(), epoch: int(1) })),
      "something else than a tensor under epoch",
    ],
    ["a name that is no text", pickled(pickle("}", int(1), tensor(), "s")), "a tensor whose name is no text"],
    ["a view", pickled(dict({ w: tensor({ view: tuple(text("1"), int(0), int(2)) }) })), "a view of another one"],
  ])("%s: no tensors alone", async (_, content, says) => {
    expect(await refusal(file(content, one))).toContain(says);
  });

  it("names of the file's are short and on one line", async () => {
    const value = pickled(dict({ [`a\n\x1b[31m${"b".repeat(500)}`]: int(1) }));
    expect((await refusal(file(value, one))).length).toBeLessThan(200);
  });

  it("a value that doubles with every operation is not walked through", async () => {
    const doubling = Array.from({ length: 100 }, (_, i) => pickle("q", i, "h", i, pickle(0x86)));
    const bomb = pickle(tuple(), ...doubling);
    for (const value of [bomb, dict({ w: bomb }), pickle(bomb, pickle(0x85), "Q")])
      await refusal(file(pickled(value), one));
    const named = pickle(bomb, "q\xf0", "h\xf0", pickle(0x93));
    expect(await refusal(file(pickled(named), one))).toContain("names a global by what is no text");
  });

  it("strides of 0 and shared storages make no large tensors of a small file", async () => {
    const large = tensor({ length: 2, shape: [1_000_000_000, 2], strides: [0, 1] });
    expect(await refusal(file(pickled(dict({ w: large })), one))).toContain(
      "numbers and storages of 2: some are shared",
    );
  });

  it("more operations than any network has are refused", { timeout: 20_000 }, async () => {
    const content = pickled(pickle("]".repeat(pickleLimits.operations + 1)));
    expect(await refusal(file(content, {}))).toContain("longer than that of any network");
  });

  it("cut anywhere, it is not a whole file", async () => {
    const bytes = file(plain, one);
    for (let length = 20; length < bytes.length; length++)
      expect(await refusal(bytes.subarray(0, length))).toContain("is not a whole PyTorch file");
  });
});

describe("a zip", () => {
  it.each([
    ["a storage is missing", zipFile(plain, {}), "it has no archive/data/0"],
    [
      "bytes would become too many numbers",
      zipFile(pickled(dict({ w: tensor({ type: "ByteStorage", shape: [2 ** 30] }) })), {}),
      "it has 1073741824 numbers, more than the 536870912 that are read",
    ],
    ["a storage is too short", zipFile(plain, { "0": floats(1) }), "archive/data/0 has 4 bytes instead of 8"],
    [
      "a sum is wrong",
      zipFile(plain, {}, [{ name: "archive/data/0", content: floats(2), crc: 1 }]),
      "the sum of archive/data/0 is wrong",
    ],
    [
      "a name is there twice",
      zipFile(plain, one, [{ name: "archive/data/0", content: "" }]),
      "has archive/data/0 twice",
    ],
    [
      "it has two pickles",
      zipFile(plain, one, [{ name: "other/data.pkl", content: plain }]),
      "a zip that torch.save did not write",
    ],
    ["it comes from IBM Z", zipFile(plain, one, [{ name: "archive/byteorder", content: "big" }]), "not little-endian"],
    [
      "a few bytes unpack to many",
      zipFile(pickled(dict({ w: tensor({ shape: [25_000_000] }) })), {}, [
        { name: "archive/data/0", content: Buffer.alloc(100_000_000), stored: false },
      ]),
      "its entries would have",
    ],
    [
      "it is packed",
      zipFile(plain, {}, [{ name: "archive/data/0", content: floats(2), stored: false }]),
      "has archive/data/0 packed",
    ],
  ])("%s: refused", async (_, bytes, says) => {
    expect(await refusal(bytes)).toContain(says);
  });
});

describe("the format before PyTorch 1.6", () => {
  const bytes = legacyFile(plain, one);
  it.each([
    [
      "a storage has another length",
      legacyFile(pickled(dict({ w: tensor({ shape: [1] }) })), one),
      "has 2 numbers instead of 1",
    ],
    ["a storage is missing", legacyFile(plain, {}), "the numbers of a tensor are missing"],
    [
      "a storage is nobody's",
      legacyFile(plain, { ...one, "1": floats(1) }),
      "its list of storages is not that of its tensors",
    ],
    ["it has bytes too many", Buffer.concat([bytes, floats(1)]), "it has 4 bytes too many"],
    [
      "it is of another version",
      Buffer.from(bytes.toString("latin1").replace("J\xe9\x03", "J\xe8\x03"), "latin1"),
      "unknown version",
    ],
    [
      "it comes from IBM Z",
      Buffer.from(bytes.toString("latin1").replace("little_endian\x88", "little_endian\x89"), "latin1"),
      "not little-endian",
    ],
  ])("%s: refused", async (_, file, says) => {
    expect(await refusal(file)).toContain(says);
  });
});
