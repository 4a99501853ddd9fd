import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/** A folder, device or pipe in place of a file, or a file above the size limit. */
class UnusableFile extends Error {}

/** The largest configuration, `run.json`, lock, list of sums and the like, in bytes. */
export const largestSmallText = 1024 * 1024;

/** As {@link readLimited}, as text. */
export async function readSmallText(file: string, largest = largestSmallText): Promise<string> {
  return (await readLimited(file, largest)).toString("utf8");
}

/** As {@link readSmallText}; undefined if there is no such file. */
export async function readIfThere(file: string, largest = largestSmallText): Promise<string | undefined> {
  try {
    return await readSmallText(file, largest);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * A file's bytes.
 *
 * @param largest bytes; nothing of a larger file is read
 * @throws Node's error, or one about a larger file or what is no file; {@link whyUnreadable} tells why in words
 */
export async function readLimited(file: string, largest: number): Promise<Buffer> {
  const { handle, size } = await openFile(file);
  try {
    if (size > largest) throw new UnusableFile(`has ${size} bytes, more than the ${largest} that are read`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Opens a file for reading; the caller closes it.
 * @throws as {@link readLimited}, also for what is no file
 */
export async function openFile(file: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  // O_NONBLOCK: opening a pipe without a writer would block. Windows lacks the flag, which is undefined there, that is 0.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = await handle.stat();
    if (info.isDirectory()) throw new UnusableFile("is a folder");
    if (!info.isFile()) throw new UnusableFile("is no file");
    return { handle, size: info.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Why a file could not be read, to follow its path: "cannot be read (EACCES)". */
export function whyUnreadable(error: unknown): string {
  if (error instanceof UnusableFile) return error.message;
  return `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
}

/** Whether a file could not be read because there is none. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
