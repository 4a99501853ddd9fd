import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  safetensorsPieces,
} from "../../../extension/trainer/interop/safetensors";
import type { HostTensor } from "../../../extension/trainer/kernels/tensor";
import { bits } from "../../support/arrays";

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../parity/fixtures/${name}`, import.meta.url)));

/** A file with any header and data, right or wrong. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function decodeOne(dtype: string, shape: number[], data: Uint8Array): HostTensor {
  return decodeSafetensors(file({ x: entry(dtype, shape, 0, data.length) }, data), "w").get("x")!;
}

/** Names, shapes and every bit of the values. */
function digests(tensors: ReadonlyMap<string, HostTensor>): unknown[] {
  return [...tensors].map(([name, { shape, data }]) => [name, shape, bits(data)]);
}

describe("PyTorch's weights", () => {
  it.each(["paired/init.safetensors", "unpaired/final.safetensors"])(
    "of %s are read, written and read again without a change",
    (name) => {
      const bytes = fixture(name);
      const tensors = decodeSafetensors(bytes, name);
      expect(tensors.size).toBe(68);
      const written = encodeSafetensors(tensors);
      expect(digests(decodeSafetensors(written, "again"))).toEqual(digests(tensors));
      expect(Buffer.compare(encodeSafetensors(decodeSafetensors(written, "again")), written)).toBe(0);
    },
  );

  it("have PyTorch's names, shapes and values", () => {
    const tensors = decodeSafetensors(fixture("paired/init.safetensors"), "init");
    const weight = tensors.get("D_AB.model.0.weight")!;
    expect(weight.shape).toEqual([8, 6, 4, 4]);
    const spread = Math.sqrt(weight.data.reduce((sum, value) => sum + value * value, 0) / weight.data.length);
    expect(spread).toBeCloseTo(0.02, 2);
    expect(tensors.get("D_AB.model.0.bias")!.data.length).toBe(8);
  });

  it("are read at any alignment", () => {
    const bytes = fixture("paired/init.safetensors");
    const shifted = Buffer.alloc(bytes.length + 1);
    bytes.copy(shifted, 1);
    expect(digests(decodeSafetensors(shifted.subarray(1), "shifted"))).toEqual(
      digests(decodeSafetensors(bytes, "init")),
    );
  });
});

describe("writing", () => {
  const a = { shape: [2, 1], data: Float32Array.of(1, -2) };
  const b = { shape: [], data: Float32Array.of(0.5) };
  const empty = { shape: [0, 3], data: new Float32Array(0) };

  it("gives equal bytes whatever the order", () => {
    const one = encodeSafetensors(
      new Map([
        ["a", a],
        ["b", b],
        ["B", empty],
      ]),
      { z: "1", k: "2" },
    );
    const other = encodeSafetensors(
      new Map([
        ["B", empty],
        ["b", b],
        ["a", a],
      ]),
      { k: "2", z: "1" },
    );
    expect(one).toEqual(other);
    expect([...decodeSafetensors(one, "w").keys()]).toEqual(["B", "a", "b"]);
    expect(Buffer.from(one).readBigUInt64LE() % 8n).toBe(0n);
  });

  it("takes names of every kind", () => {
    const names = ["__proto__", "7", 'ü "x"', "constructor", ""];
    const tensors = new Map(names.map((name, index) => [name, { shape: [1], data: Float32Array.of(index) }]));
    const read = decodeSafetensors(encodeSafetensors(tensors), "w");
    for (const [index, name] of names.entries()) expect(read.get(name)?.data, name).toEqual(Float32Array.of(index));
  });

  it("does not copy the tensors", () => {
    const pieces = safetensorsPieces(new Map([["a", a]]));
    expect(pieces[1]!.buffer).toBe(a.data.buffer);
    expect(Buffer.concat(pieces)).toEqual(encodeSafetensors(new Map([["a", a]])));
  });

  it("refuses data that does not fit its shape", () => {
    expect(() => encodeSafetensors(new Map([["a", { shape: [3], data: new Float32Array(2) }]]))).toThrow(
      "a has 2 numbers for shape [3]",
    );
    expect(() => encodeSafetensors(new Map([["__metadata__", b]]))).toThrow("cannot be named");
  });
});

describe("other number types", () => {
  it("half floats: largest, smallest, infinite and not a number", () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x7e00, 0x8000);
    const { data } = decodeOne("F16", [9], new Uint8Array(bits.buffer));
    expect([...data]).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, NaN, -0]);
  });

  it("bfloats are the upper half of floats", () => {
    const { data } = decodeOne("BF16", [3], new Uint8Array(Uint16Array.of(0x3f80, 0xc040, 0x7f80).buffer));
    expect([...data]).toEqual([1, -3, Infinity]);
  });

  it("doubles, whole numbers and truths", () => {
    expect([...decodeOne("F64", [1], new Uint8Array(Float64Array.of(0.1).buffer)).data]).toEqual([Math.fround(0.1)]);
    expect([...decodeOne("I64", [], new Uint8Array(BigInt64Array.of(-7n).buffer)).data]).toEqual([-7]);
    expect([...decodeOne("U8", [2], Uint8Array.of(0, 255)).data]).toEqual([0, 255]);
    expect([...decodeOne("BOOL", [2], Uint8Array.of(0, 1)).data]).toEqual([0, 1]);
  });

  it.each(["F8_E4M3", "toString", "f32"])("%s is named as not supported", (dtype) => {
    expect(() => decodeOne(dtype, [1], new Uint8Array(1))).toThrow(
      `w: x has the number type ${dtype}, which is not supported`,
    );
  });
});

describe("a damaged file", () => {
  const four = new Uint8Array(4);
  it.each<[string, Uint8Array]>([
    ["it has only 0 bytes", new Uint8Array()],
    [
      "its header would have 100 bytes, the file has 12",
      Buffer.concat([Uint8Array.of(100, 0, 0, 0, 0, 0, 0, 0), four]),
    ],
    ["its header would have 18446744073709551615 bytes", new Uint8Array(16).fill(255)],
    ["its header is not JSON", file("{")],
    ["its header is not JSON", file("\xff\xfe{}".slice(0, 1))],
    ["its header is not a JSON object", file("[]")],
    ["its header is not a JSON object", file(" {}")],
    [
      "its header names x twice",
      file(
        '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        four,
      ),
    ],
    ["its metadata is not text", file({ __metadata__: { a: 1 } })],
    ["x has no number type", file({ x: null })],
    ["x has no shape", file({ x: entry("F32", [-1], 0, 4) }, four)],
    ["x has no shape", file({ x: entry("F32", [1.5], 0, 4) }, four)],
    ["x has no data offsets", file({ x: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] } }, four)],
    ["x ends before it begins", file({ x: entry("F32", [1], 4, 0) }, four)],
    ["y overlaps another tensor", file({ x: entry("F32", [1], 0, 4), y: entry("F32", [1], 0, 4) }, four)],
    ["there is a hole before x", file({ x: entry("F32", [1], 4, 8) }, new Uint8Array(8))],
    ["it ends after 4 of 8 bytes of data", file({ x: entry("F32", [2], 0, 8) }, four)],
    ["it has 4 bytes too many", file({ x: entry("F32", [1], 0, 4) }, new Uint8Array(8))],
  ])("%s", (why, bytes) => {
    expect(() => decodeSafetensors(bytes, "w.safetensors")).toThrow(
      expect.objectContaining({
        code: "checkpoint",
        message: `w.safetensors is not a whole safetensors file: ${why}`,
      }) as Error,
    );
  });

  it("says whose shape does not fit", () => {
    expect(() => decodeSafetensors(file({ x: entry("F32", [2], 0, 4) }, four), "w")).toThrow(
      "w: x has 4 bytes for shape [2] of F32",
    );
    expect(() => decodeSafetensors(file({ x: entry("F32", [2 ** 53 - 1, 2 ** 53 - 1], 0, 4) }, four), "w")).toThrow(
      "x has 4 bytes for shape",
    );
  });

  it("is noticed wherever it was cut", () => {
    const whole = encodeSafetensors(new Map([["x", { shape: [3], data: Float32Array.of(1, 2, 3) }]]));
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeSafetensors(whole.subarray(0, length), "w")).toThrow("w is not a whole");
  });
});
