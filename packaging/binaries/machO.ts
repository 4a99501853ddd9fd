import { type Binary, distinct, textAt } from "./binary";

const machines: Partial<Record<number, string>> = { 0x01000007: "x64", 0x0100000c: "arm64" };
/** Numbers of load commands, from mach-o/loader.h. */
const commands = { symbols: 0x2, library: 0xc, oldestSystem: 0x24, buildVersion: 0x32, weakLibrary: 0x80000018 };
/** Masks of a symbol's `n_type`: an entry for debuggers, the place of its definition (0 means undefined), and external. */
const [debug, place, external] = [0xe0, 0x0e, 0x01];

/** Reads a 64-bit library for macOS, in the Mach-O format. */
export function readMachO(bytes: Buffer): Binary {
  const libraries: string[] = [];
  const imports: string[] = [];
  const versions: string[] = [];
  let at = 32;
  for (let i = 0; i < bytes.readUInt32LE(16); i++) {
    const command = bytes.readUInt32LE(at);
    if (command === commands.library || command === commands.weakLibrary)
      libraries.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    else if (command === commands.symbols) imports.push(...undefinedSymbols(bytes, at));
    else if (command === commands.buildVersion) versions.push(versionAt(bytes, at + 12));
    else if (command === commands.oldestSystem) versions.push(versionAt(bytes, at + 8));
    at += bytes.readUInt32LE(at + 4);
  }
  const arch = machines[bytes.readUInt32LE(4)] ?? "unknown";
  return { platform: "darwin", arch, libraries: distinct(libraries), imports: distinct(imports), versions };
}

function versionAt(bytes: Buffer, at: number): string {
  return `macOS_${bytes.readUInt16LE(at + 2)}.${bytes.readUInt8(at + 1)}`;
}

/** The names of undefined external symbols, without the underscore that macOS puts before C names. */
function undefinedSymbols(bytes: Buffer, command: number): string[] {
  const [first, count, texts] = [8, 12, 16].map((offset) => bytes.readUInt32LE(command + offset)) as [
    number,
    number,
    number,
  ];
  return Array.from({ length: count }, (_, i) => first + 16 * i)
    .filter((at) => (bytes.readUInt8(at + 4) & (debug | place | external)) === external)
    .map((at) => textAt(bytes, texts + bytes.readUInt32LE(at)).replace(/^_/, ""));
}
