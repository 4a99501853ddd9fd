import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileFault } from "./fileFault";
import { firstLine } from "./limitedFile";

/**
 * Writes a file that is whole or absent; missing folders are made.
 * @param write fills the file of the path that it is given, which does not exist yet
 * @throws FileFault when the file exists and is not to be overwritten, or the disk refuses
 */
export async function writeWhole(
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
    await rename(temporary, file);
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
