import { createHash } from "node:crypto";
import { link, rm, stat, writeFile } from "node:fs/promises";
import { readIfThere } from "./limitedRead";

/**
 * Creates a file, unless it exists. The file appears with its whole content at once, so that no process reads a part of it.
 * @returns false if the file exists already
 */
export async function createExclusive(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.tmp-${process.pid}-${nextNumber++}`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    return await orFalseIfThere(() => linkOrCopy(temporary, file, text));
  } finally {
    await rm(temporary, { force: true });
  }
}

let nextNumber = 0;

/**
 * Removes a file if it holds exactly this text. The text must be unique to one earlier creation of the file: no process may write it again.
 * Many processes may call this at once, and create the file anew afterwards: none removes a file that another has created meanwhile.
 */
export async function removeExactly(file: string, text: string): Promise<void> {
  // The claim is a file named by the hash of the text. Only the process that created the claim may remove `file`, and no process overwrites
  // an existing `file`; so `file` cannot change between the comparison and its removal.
  const claim = `${file}.claim-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  if (!(await orFalseIfThere(() => writeFile(claim, "", { flag: "wx" })))) {
    if (await isOld(claim)) await rm(claim, { force: true });
    return;
  }
  try {
    if ((await readIfThere(file)) === text) await rm(file, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

/** Whether a claim was left behind by a process that ended while it held the claim: normally a claim exists for about a millisecond. */
async function isOld(claim: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(claim)).mtimeMs > 10_000;
  } catch {
    return false;
  }
}

/**
 * Creates `file` atomically as a hard link to `temporary`. On file systems without hard links, such as FAT, the file is created first and
 * written a moment later.
 */
async function linkOrCopy(temporary: string, file: string, text: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
    await writeFile(file, text, { flag: "wx" });
  }
}

async function orFalseIfThere(create: () => Promise<void>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
