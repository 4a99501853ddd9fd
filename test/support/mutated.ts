import type { RandomNumbers } from "../../extension/trainer/random";

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** A copy of a file with one to four random changes. At least about half are in the first 96 bytes, where formats have their sizes. */
export function mutated(seed: Buffer, draw: RandomNumbers): Buffer {
  let bytes = Buffer.from(seed);
  for (let changes = 1 + draw.integer(4); changes > 0; changes--) {
    if (bytes.length < 8) break;
    const at = draw.integer(draw.uniform() < 0.5 ? Math.min(96, bytes.length - 4) : bytes.length - 4);
    const length = 1 + draw.integer(Math.min(64, bytes.length - at));
    switch (draw.integer(7)) {
      case 0:
        bytes[at]! ^= 1 << draw.integer(8);
        break;
      case 1:
        bytes[at] = draw.integer(256);
        break;
      case 2:
        if (draw.uniform() < 0.5) bytes.writeUInt32BE(extremes[draw.integer(extremes.length)]!, at);
        else bytes.writeUInt32LE(extremes[draw.integer(extremes.length)]!, at);
        break;
      case 3:
        bytes = bytes.subarray(0, at);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 6:
        bytes.fill(draw.integer(256), at, at + length);
        break;
    }
  }
  return bytes;
}

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  -0,
  "",
  "NaN",
  "../../../etc/passwd",
  "C:\\CON",
  "a\u0000b\nc\u202e",
  "x".repeat(70_000),
  [],
  {},
  [[[[]]]],
  { a: { a: { a: 1 } } },
  Array.from({ length: 3000 }, (_, i) => i),
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, i])),
];

/** A copy of a JSON value in which one to three random places have an odd value or are deleted. */
export function mutatedJson(value: unknown, draw: RandomNumbers): unknown {
  const root: Record<string, unknown> = { root: structuredClone(value) };
  for (let changes = 1 + draw.integer(3); changes > 0; changes--) {
    let [parent, key] = [root, "root"];
    for (;;) {
      const child = parent[key];
      if (typeof child !== "object" || child === null || Object.keys(child).length === 0 || draw.uniform() < 0.15)
        break;
      const keys = Object.keys(child);
      [parent, key] = [child as Record<string, unknown>, keys[draw.integer(keys.length)]!];
    }
    const odd = structuredClone(oddValues[draw.integer(oddValues.length)]);
    if (draw.uniform() < 0.2) Reflect.deleteProperty(parent, key);
    else if (draw.uniform() < 0.1)
      Object.defineProperty(parent, "__proto__", { value: odd, enumerable: true, configurable: true, writable: true });
    else parent[key] = odd;
  }
  return root.root;
}
