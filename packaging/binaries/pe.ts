import { type Binary, distinct, textAt } from "./binary";

const machines: Partial<Record<number, string>> = { 0x8664: "x64", 0xaa64: "arm64" };

/** Names of Node's functions that an addon looks up in the running program; not those that the addon offers to Node. */
const nodeFunctions = /(?<!\w)(?:napi|node_api|uv)_(?!register_module|module_get)\w+(?=\0)/g;

/** Reads a library for Windows, in Microsoft's PE format. */
export function readPe(bytes: Buffer): Binary {
  const header = bytes.readUInt32LE(0x3c) + 4;
  const optional = header + 20;
  const place = placesOf(bytes, header, optional + bytes.readUInt16LE(header + 16));
  const libraries: string[] = [];
  const imports: string[] = [];
  // The import table is the second data directory; the directories begin at byte 112 of the optional header.
  for (let at = place(bytes.readUInt32LE(optional + 112 + 8)); bytes.readUInt32LE(at + 12) !== 0; at += 20) {
    libraries.push(textAt(bytes, place(bytes.readUInt32LE(at + 12))));
    for (let entry = place(bytes.readUInt32LE(at)); bytes.readBigUInt64LE(entry) !== 0n; entry += 8) {
      const hasNumber = bytes.readBigUInt64LE(entry) >> 63n === 1n;
      imports.push(hasNumber ? `#${bytes.readUInt16LE(entry)}` : textAt(bytes, place(bytes.readUInt32LE(entry)) + 2));
    }
  }
  const asked = [...bytes.toString("latin1").matchAll(nodeFunctions)].map(([name]) => name);
  return {
    platform: "win32",
    arch: machines[bytes.readUInt16LE(header)] ?? "unknown",
    libraries: distinct(libraries),
    imports: distinct([...imports, ...asked]),
    versions: [],
  };
}

/** A function from addresses in memory to offsets in the file. @param sections offset of the section table */
function placesOf(bytes: Buffer, header: number, sections: number): (address: number) => number {
  const all = Array.from({ length: bytes.readUInt16LE(header + 2) }, (_, i) => {
    const [size, address, , at] = [8, 12, 16, 20].map((offset) => bytes.readUInt32LE(sections + 40 * i + offset));
    return { size: size!, address: address!, at: at! };
  });
  return (address) => {
    const section = all.find((each) => address >= each.address && address < each.address + each.size);
    return section === undefined ? bytes.length : address - section.address + section.at;
  };
}
