import { RevganError } from "../../../protocol/errors";
import { mkdir, statfs } from "node:fs/promises";
import { formatBytes } from "../../formatBytes";

/** The code of a system call's error, such as ENOENT; null for other errors. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

const notPermitted = "you may not write there";

/** Windows reports only "not permitted" where a process has loaded the file, because it then neither renames nor removes it. */
const notPermittedOnWindows = "you may not write there, or a training uses it: end it first";

const refusalReasons: Partial<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  EBUSY: "a program uses it",
  EROFS: "the disk is read-only",
  ENOTDIR: "a file is where a folder should be",
};

/** Turns the error of a refused write into a RevganError `disk`; returns any other error unchanged. */
export function asInstallDiskError(error: unknown, path: string): unknown {
  const code = systemCode(error) ?? "";
  const isRefused = code === "EACCES" || code === "EPERM";
  const onThisSystem = process.platform === "win32" ? notPermittedOnWindows : notPermitted;
  const refusal = isRefused ? onThisSystem : refusalReasons[code];
  if (refusal === undefined) return error;
  return new RevganError(
    "disk",
    `cannot write ${path}: ${refusal}`,
    "make room, or name another folder with the environment variable REVGAN_CACHE",
    {
      cause: error,
    },
  );
}

/** The error for a stop that the user asked for. */
export function interrupted(remedy = "run `revgan engine install` again to go on"): RevganError {
  return new RevganError("interrupted", "the installation was interrupted", remedy);
}

/** Free bytes to keep for the compiler's files, and because other programs write to the disk as well. */
const spareBytes = 64 * 1024 * 1024;

/**
 * Makes the folder and checks that `needed` more bytes fit there, so that a long download does not fail at its end.
 * @throws RevganError `disk`
 */
export async function ensureSpace(folder: string, needed: number): Promise<void> {
  let free: number;
  try {
    await mkdir(folder, { recursive: true });
    const disk = await statfs(folder);
    free = disk.bavail * disk.bsize;
  } catch (error) {
    throw asInstallDiskError(error, folder);
  }
  if (free >= needed + spareBytes) return;
  throw new RevganError(
    "disk",
    `the engine needs ${formatBytes(needed + spareBytes)} in ${folder}, and ${formatBytes(free)} are free`,
    "make room there, or name a folder on another disk with the environment variable REVGAN_CACHE",
  );
}
