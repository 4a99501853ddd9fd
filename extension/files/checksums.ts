import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readSmallText } from "./limitedRead";
import { piecesOf, type FileContent } from "./atomic";

/** The file with a folder's checksums, in the format of `sha256sum -c`. */
export const sumsFile = "SHA256SUMS";

/** @param files contents of the files, by name. @returns the text of `SHA256SUMS`, sorted by name */
export function formatSums(files: ReadonlyMap<string, FileContent>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => `${sha256(content)}  ${name}\n`)
    .join("");
}

/**
 * Compares the files of a folder with its `SHA256SUMS`.
 * @returns undefined if they match, else what is wrong
 */
export async function damageOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  if (!names.includes(sumsFile)) return `it has no ${sumsFile}`;
  const sums = parseSums(await readSmallText(join(folder, sumsFile)));
  if (sums === undefined) return `${sumsFile} is damaged`;
  // Finds files missing from a list that was cut off at the end of a line. Hidden files, which file managers create, are ignored.
  const unlisted = names.find((name) => /\.(safetensors|json)$/.test(name) && !name.startsWith(".") && !sums.has(name));
  if (unlisted !== undefined) return `${unlisted} is not in ${sumsFile}`;
  for (const [name, expected] of sums) {
    if (!names.includes(name)) return `${name} is missing`;
    if (!(await stat(join(folder, name))).isFile()) return `${name} is no file`;
    if ((await sha256OfFile(join(folder, name))) !== expected) return `${name} does not match its SHA-256`;
  }
  return undefined;
}

function parseSums(text: string): Map<string, string> | undefined {
  const sums = new Map<string, string>();
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length === 0) return undefined;
  for (const line of lines) {
    const [, sum, name] = /^([0-9a-f]{64}) [ *]([^/\\\0]+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined) return undefined;
    sums.set(name, sum);
  }
  return sums;
}

function sha256(content: FileContent): string {
  const hash = createHash("sha256");
  for (const piece of piecesOf(content)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * SHA-256 of a file, read in pieces, as lower-case hex.
 *
 * @param onBytes called with the number of bytes read so far
 * @throws the AbortError of `signal`, or the file system's error
 */
export async function sha256OfFile(
  path: string,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  const stream = createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return hash.digest("hex");
}
