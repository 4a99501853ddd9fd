import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds after which a folder whose `stat` has not returned counts as unreachable: a network drive may block for hours. */
const statTimeout = 5000;

/** Unfinished `stat` calls by folder. Each occupies one of Node's few I/O threads, so a folder is never checked twice at once. */
const pending = new Map<string, Promise<boolean>>();
const stalledFolders = new Set<string>();

/** Whether a folder exists and its disk responds; links are followed. */
export async function isReachable(folder: string): Promise<boolean> {
  const check = pending.get(folder) ?? isFolder(folder);
  pending.set(folder, check);
  const found = await Promise.race([check, sleep(statTimeout, null, { ref: false })]);
  if (found === null && pending.get(folder) === check) stalledFolders.add(folder);
  return found ?? false;
}

/** Whether the last check of a folder timed out and has not returned yet: reading a file in it would block, too. */
export function hasStalled(folder: string): boolean {
  return stalledFolders.has(folder);
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  } finally {
    pending.delete(folder);
    stalledFolders.delete(folder);
  }
}
