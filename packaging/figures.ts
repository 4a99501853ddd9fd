import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openPromise } from "yauzl";
import { RevganError } from "../extension/protocol/errors";
import { formatBytes } from "../extension/trainer/formatBytes";
import { bytesOf } from "./stage";

/** A size that users notice as download or loading time, and its limit, in bytes. */
export interface SizeLimit {
  what: string;
  bytes: number;
  /** The bytes under which the size must stay; null for a size that is only printed. */
  limit: number | null;
}

/** The sizes of a finished package and of the bundles in the folder that it was made from. */
export async function figuresOf(vsix: string, folder: string): Promise<SizeLimit[]> {
  const whole = await bytesOf(vsix);
  const part = await packedBytes(vsix, (name) => name.startsWith("extension/dist/node_modules/@img/sharp-"));
  const example = await packedBytes(vsix, (name) => name.startsWith("extension/media/examples/"));
  const figures: SizeLimit[] = [
    { what: "package", bytes: whole, limit: null },
    { what: "example", bytes: example, limit: 3e6 },
    { what: "package without sharp's platform part and the example", bytes: whole - part - example, limit: 8e6 },
  ];
  const bundles = [
    { what: "host bundle", file: "dist/extension.js", limit: 250e3 },
    { what: "webview bundle", file: "dist/webview/webview.js", limit: 600e3 },
  ];
  for (const { what, file, limit } of bundles)
    if (existsSync(join(folder, file)))
      figures.push({ what, bytes: (await readFile(join(folder, file))).length, limit });
  return figures;
}

/** An error for the first size that is not below its limit, or null. */
export function overLimit(figures: readonly SizeLimit[]): RevganError | null {
  for (const { what, bytes, limit } of figures) {
    if (limit === null || bytes < limit) continue;
    return new RevganError(
      "internal",
      `the ${what} has ${formatBytes(bytes)}, and must stay under ${formatBytes(limit)}`,
      "see dist/*.meta.json for what is in the bundles",
    );
  }
  return null;
}

/** A line to print: `263.0 kB  webview bundle (under 600.0 kB)`. */
export function figureLine({ what, bytes, limit }: SizeLimit): string {
  return `${formatBytes(bytes).padStart(9)}  ${what}${limit === null ? "" : ` (under ${formatBytes(limit)})`}`;
}

/** The compressed bytes of some files in a zip. */
async function packedBytes(path: string, wanted: (name: string) => boolean): Promise<number> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    let bytes = 0;
    for await (const entry of zip.eachEntry()) if (wanted(entry.fileName)) bytes += entry.compressedSize;
    return bytes;
  } finally {
    zip.close();
  }
}
