import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readSmallText } from "../files/limitedRead";
import { piecesOf, type Content } from "../files/atomic";

/** The file that says what a whole checkpoint holds, in the format of `sha256sum -c`. */
export const sumsFile = "SHA256SUMS";

/** @param files by name; @returns the text of `SHA256SUMS`, sorted by name */
export function formatSums(files: ReadonlyMap<string, Content>): string {
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
  // A list that was cut short at a line's end shows in files that it lacks; what a file manager leaves behind does not matter.
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

function sha256(content: Content): string {
  const hash = createHash("sha256");
  for (const piece of piecesOf(content)) hash.update(piece);
  return hash.digest("hex");
}

/** Reads a large file in pieces. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
