import { mkdir, statfs } from "node:fs/promises";
import { RevganError } from "../../../protocol/errors";
import { formatBytes } from "./formatBytes";
import { asDiskError } from "../systemError";

/** Room for the compiler's files, and for a disk that others write to as well. */
const slack = 64 * 1024 * 1024;

/**
 * Makes the folder and asks whether `needed` more bytes fit there, before a long download finds out.
 * @throws RevganError `disk`
 */
export async function ensureSpace(folder: string, needed: number): Promise<void> {
  let free: number;
  try {
    await mkdir(folder, { recursive: true });
    const disk = await statfs(folder);
    free = disk.bavail * disk.bsize;
  } catch (error) {
    throw asDiskError(error, folder);
  }
  if (free >= needed + slack) return;
  throw new RevganError(
    "disk",
    `the engine needs ${formatBytes(needed + slack)} in ${folder}, and ${formatBytes(free)} are free`,
    "make room there, or name a folder on another disk with the environment variable REVGAN_CACHE",
  );
}
