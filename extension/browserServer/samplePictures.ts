import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { stepFolder } from "../runFolder/paths";

/** Bytes of the largest picture that is sent. */
const largestPicture = 256 * 1024 * 1024;

/** Names a run in addresses: a folder's own name may have any character, and says more than an address should. */
export function runKey(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 32);
}

/**
 * A picture of a run's samples.
 *
 * @param picture of the published form, without any path in it
 * @returns undefined if there is none, and for one that is a link to a place outside the run folder
 */
export async function readSample(run: string, step: number, picture: string): Promise<Buffer | undefined> {
  const path = await realpath(join(stepFolder(run, "samples", step), picture)).catch(() => undefined);
  if (path === undefined || !path.startsWith((await realpath(run)) + sep)) return undefined;
  // Without waiting: a pipe under a picture's name would never open.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const info = await file.stat();
    return info.isFile() && info.size <= largestPicture ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}
