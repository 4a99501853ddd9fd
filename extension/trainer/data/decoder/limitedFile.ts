import { stat } from "node:fs/promises";
import { FileFault } from "./fileFault";

/**
 * The bytes of a file that is to be read.
 * @param smaller what to do about one that is too large
 * @throws FileFault when it is missing, no file or larger than `maxBytes`
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

/** Why the system does not give a file. */
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

/** Libraries' messages have several lines; the first says what matters. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").replace(/:\s*$/, "");
}
