import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/** The error for a folder, device or pipe where a file is expected, and for a file above the size limit. */
class UnusableFile extends Error {}

/** The default limit of {@link readSmallText} in bytes, for configurations, `run.json`, locks, lists of checksums and the like. */
export const largestSmallText = 1024 * 1024;

/** As {@link readLimited}, but returns the content as UTF-8 text. */
export async function readSmallText(file: string, largest = largestSmallText): Promise<string> {
  return (await readLimited(file, largest)).toString("utf8");
}

/** As {@link readSmallText}, but returns undefined if the file does not exist. */
export async function readIfThere(file: string, largest = largestSmallText): Promise<string | undefined> {
  try {
    return await readSmallText(file, largest);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/**
 * Reads a whole file.
 *
 * @param largest the most bytes; of a larger file nothing is read
 * @throws Node's error, or an {@link UnusableFile}; {@link whyUnreadable} puts either into words
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
 * @throws Node's error, or an {@link UnusableFile} for a folder, device or pipe
 */
export async function openFile(file: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  // Without O_NONBLOCK, opening a pipe that has no writer would block. On Windows the flag is undefined, which counts as 0 here.
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

/** Whether a file could not be read because it does not exist. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
