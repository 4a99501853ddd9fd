import { type Binary, distinct, textAt } from "./binary";

const machines: Partial<Record<number, string>> = { 0x3e: "x64", 0xb7: "arm64" };
const kinds = { dynamic: 6, symbols: 11, neededVersions: 0x6ffffffe };
const neededLibrary = 1n;

/** A section of the file: its type, its offset and size in bytes, and the offset of the string table with its texts. */
interface Section {
  readonly kind: number;
  readonly at: number;
  readonly bytes: number;
  readonly texts: number;
}

/** Reads a 64-bit library for Linux, in the format that elf(5) describes. */
export function readElf(bytes: Buffer): Binary {
  const sections = sectionsOf(bytes);
  const entries = (kind: number, size: number): { at: number; texts: number }[] =>
    sections
      .filter((section) => section.kind === kind)
      .flatMap(({ at, bytes: length, texts }) =>
        Array.from({ length: Math.floor(length / size) }, (_, i) => ({ at: at + i * size, texts })),
      );
  const libraries = entries(kinds.dynamic, 16)
    .filter(({ at }) => bytes.readBigUInt64LE(at) === neededLibrary)
    .map(({ at, texts }) => textAt(bytes, texts + Number(bytes.readBigUInt64LE(at + 8))));
  const imports = entries(kinds.symbols, 24)
    .filter(({ at }) => bytes.readUInt16LE(at + 6) === 0 && bytes.readUInt32LE(at) !== 0)
    .map(({ at, texts }) => textAt(bytes, texts + bytes.readUInt32LE(at)));
  return {
    platform: "linux",
    arch: machines[bytes.readUInt16LE(18)] ?? "unknown",
    libraries: distinct(libraries),
    imports: distinct(imports),
    versions: distinct(
      sections.filter(({ kind }) => kind === kinds.neededVersions).flatMap((section) => versionsOf(bytes, section)),
    ),
  };
}

function sectionsOf(bytes: Buffer): Section[] {
  const [first, size, count] = [
    Number(bytes.readBigUInt64LE(0x28)),
    bytes.readUInt16LE(0x3a),
    bytes.readUInt16LE(0x3c),
  ];
  const place = (index: number): number => Number(bytes.readBigUInt64LE(first + index * size + 0x18));
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * size;
    return {
      kind: bytes.readUInt32LE(at + 4),
      at: place(i),
      bytes: Number(bytes.readBigUInt64LE(at + 0x20)),
      texts: place(bytes.readUInt32LE(at + 0x28)),
    };
  });
}

/** The required versions, which are linked lists on two levels: the libraries, and for each library its versions. */
function versionsOf(bytes: Buffer, { at, texts }: Section): string[] {
  const found: string[] = [];
  for (let library = at; ; library += bytes.readUInt32LE(library + 12)) {
    for (let version = library + bytes.readUInt32LE(library + 8); ; version += bytes.readUInt32LE(version + 12)) {
      found.push(textAt(bytes, texts + bytes.readUInt32LE(version + 8)));
      if (bytes.readUInt32LE(version + 12) === 0) break;
    }
    if (bytes.readUInt32LE(library + 12) === 0) return found;
  }
}
