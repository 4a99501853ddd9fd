import { rename, rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/**
 * The error codes with which Windows refuses to rename or remove a file that another program has open: a reader of ours, a virus scanner,
 * an indexer.
 */
const busyCodes = new Set(["EPERM", "EACCES", "EBUSY"]);

/** Milliseconds to wait between attempts; two seconds in all. */
const pauses = [10, 20, 50, 120, 300, 500, 1000];

/**
 * Renames a file or folder. On Windows, retries for up to two seconds while another program has the source or the target open. Throws
 * Node's errors.
 */
export async function renamePatiently(from: string, to: string, attempt = rename): Promise<void> {
  for (const pause of process.platform === "win32" ? pauses : []) {
    try {
      await attempt(from, to);
      return;
    } catch (error) {
      if (!busyCodes.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      await wait(pause);
    }
  }
  await attempt(from, to);
}

/** Removes a folder and its content, if it exists. On Windows, retries as {@link renamePatiently} does. Throws Node's errors. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: pauses.length });
}
