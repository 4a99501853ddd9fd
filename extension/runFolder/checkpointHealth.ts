import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { whyUnreadable } from "../files/limitedRead";
import { damageOf } from "../files/checksums";

/** Returned by {@link describeDamage} when the folder was deleted during the check. */
export const gone = Symbol("gone");

/** @returns undefined if all files match their checksums, else the damage in words */
export async function describeDamage(folder: string): Promise<string | typeof gone | undefined> {
  try {
    return await damageOf(folder);
  } catch (error) {
    if (!(await isThere(folder))) return gone;
    return `it ${whyUnreadable(error)}`;
  }
}

/**
 * The folders of checkpoints that this process has verified, with the {@link signatureOf} each. Avoids hashing all kept checkpoints
 * whenever a new one is written.
 */
const knownWhole = new Map<string, string>();

/** Whether a checkpoint is undamaged. Its files are hashed the first time, and again only after a change. */
export async function isWholeStill(folder: string): Promise<boolean> {
  const signature = await signatureOf(folder);
  if (signature !== undefined && knownWhole.get(folder) === signature) return true;
  if ((await describeDamage(folder)) !== undefined) return false;
  if (signature !== undefined) knownWhole.set(folder, signature);
  return true;
}

/** Names, sizes, modification times and inode numbers of a folder's files; undefined if the folder cannot be read. */
async function signatureOf(folder: string): Promise<string | undefined> {
  try {
    const lines: string[] = [];
    for (const name of (await readdir(folder)).sort()) {
      const { size, mtimeMs, ino } = await stat(join(folder, name));
      lines.push(`${name} ${size} ${mtimeMs} ${ino}`);
    }
    return lines.join("\n");
  } catch {
    return undefined;
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
