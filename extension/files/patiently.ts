import { rename, rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** With these Windows refuses to rename or remove what a program has open at the moment: a reader of ours, a virus scanner, an indexer. */
const busyCodes = new Set(["EPERM", "EACCES", "EBUSY"]);

/** Milliseconds between tries; two seconds together. */
const pauses = [10, 20, 50, 120, 300, 500, 1000];

/** Renames a file or folder; on Windows it waits for a while until no other program has it or what it replaces open. Errors as Node's. */
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

/** Removes a folder with what is in it, if it is there; on Windows it waits as {@link renamePatiently} does. Errors as Node's. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: pauses.length });
}
