import { stat, access, mkdir, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { renamePatiently } from "../../../files/patiently";

/** A file that cannot be used, and why. */
export interface FileProblem {
  readonly file: string;
  /** The reason, which follows the file's path in a message: "is a folder, not an image". */
  readonly reason: string;
  readonly remedy: string;
}

/**
 * A FileFault as a message between processes. `kind` is `file` for a damaged or unsuitable file, `disk` where it could not be written,
 * `full` where no space is left, `exists` where it was not overwritten.
 */
export interface Failure {
  readonly kind: "file" | "disk" | "full" | "exists";
  readonly message: string;
  readonly remedy: string;
}

/** Thrown inside the decoder process for a file that cannot be used, with a message for the user. */
export class FileFault extends Error {
  /**
   * @param message names the file and says what happened
   * @param remedy what to do
   */
  constructor(
    message: string,
    readonly remedy: string,
    readonly kind: Failure["kind"] = "file",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function faultOf({ file, reason, remedy }: FileProblem): FileFault {
  return new FileFault(`${file} ${reason}`, remedy);
}

/** Limits that keep a damaged or malicious file from exhausting memory. */
export interface DecoderLimits {
  readonly maxPixels: number;
  /** The most values of a volume: voxels times channels. */
  readonly maxValues: number;
  readonly maxBytes: number;
}

/**
 * Checks a file before it is read.
 * @param smaller the remedy for a file that is too large
 * @returns the file's size in bytes
 * @throws FileFault when it is missing, not a regular file or larger than `maxBytes`
 */
export async function sizeOfFile(file: string, maxBytes: number, smaller: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (!found.isFile()) throw new FileFault(`${file} is no file`, "name a file");
  if (found.size > maxBytes)
    throw new FileFault(
      `${file} has ${Math.round(found.size / 2 ** 20)} MiB, more than the ${Math.round(maxBytes / 2 ** 20)} that are read`,
      smaller,
    );
  return found.size;
}

/** The fault for an error of the file system. */
export function unreadable(file: string, cause: unknown): FileFault {
  if ((cause as NodeJS.ErrnoException).code === "ENOENT")
    return new FileFault(`${file} is not there`, "put it back, or name another one", "file", { cause });
  return new FileFault(
    `${file} cannot be read: ${firstLine(cause)}`,
    "check that the file exists and may be read",
    "file",
    { cause },
  );
}

/** The first line of a library's message, because the other lines repeat it or are stack traces. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/:\s*$/, "");
}

/**
 * Writes a file atomically: a temporary file in the same folder is renamed once it is complete. Missing folders are created.
 * @param write creates and fills the file at the path that it is called with
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeAtomically(
  file: string,
  overwrite: boolean,
  write: (path: string) => Promise<void>,
): Promise<void> {
  if (!overwrite && (await exists(file)))
    throw new FileFault(`${file} exists already`, "remove it, or pass --overwrite", "exists");
  const temporary = join(dirname(file), `.revgan-${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await write(temporary);
    await renamePatiently(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const isFull = ["ENOSPC", "EDQUOT"].includes((cause as NodeJS.ErrnoException).code ?? "");
    if (isFull)
      throw new FileFault(`the disk is full while writing ${file}`, "free some space, then try again", "full", {
        cause,
      });
    throw new FileFault(
      `${file} cannot be written: ${firstLine(cause)}`,
      "check the free space and the permissions of its folder",
      "disk",
      { cause },
    );
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
