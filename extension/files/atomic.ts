import { open, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { explainingDiskErrors } from "./diskErrors";
import { renamePatiently } from "./patiently";

/** Content of a file: text, bytes, or chunks of bytes in order. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

export interface WriteOptions {
  /** The run folder that the file belongs to; with it, an error's remedy says how to resume the run. */
  readonly run?: string | undefined;
  /** Opens a new file for writing. Tests pass a function that simulates a full disk. */
  readonly open?: (file: string) => Promise<FileHandle>;
}

/**
 * Replaces a file so that readers, also after a power failure, see either the whole old content or the whole new content.
 * @throws RevganError `disk`; the old content then stays, and no temporary file is left
 */
export async function writeFileAtomic(
  file: string,
  content: FileContent | AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<void> {
  await writeFilesAtomic(new Map([[file, content]]), options);
}

/** As {@link writeFileAtomic}, for files that belong together: all new contents are on the disk before the first file is replaced. */
export async function writeFilesAtomic(
  files: ReadonlyMap<string, FileContent | AsyncIterable<Uint8Array>>,
  options: WriteOptions = {},
): Promise<void> {
  const temporaries = new Map<string, string>();
  try {
    for (const [file, content] of files) {
      const temporary = join(dirname(file), `.${basename(file)}.tmp-${process.pid}-${nextNumber++}`);
      temporaries.set(file, temporary);
      await explainingDiskErrors(file, options.run, () => writeFileDurably(temporary, content, options));
    }
    for (const [file, temporary] of temporaries) {
      await explainingDiskErrors(file, options.run, async () => {
        await renamePatiently(temporary, file);
        await syncFolder(dirname(file));
      });
    }
  } catch (error) {
    for (const temporary of temporaries.values()) await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A part of temporary files' names, so that two simultaneous writes of this process do not share a temporary file. */
let nextNumber = 0;

/** Writes a new file and waits until its content is on the disk. Throws Node's errors. */
export async function writeFileDurably(
  file: string,
  content: FileContent | AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<void> {
  const handle = await (options.open ?? openNew)(file);
  try {
    for await (const piece of isStream(content) ? content : piecesOf(content)) await handle.writeFile(piece);
    await syncToDisk(handle);
  } finally {
    await handle.close();
  }
}

function isStream(content: FileContent | AsyncIterable<Uint8Array>): content is AsyncIterable<Uint8Array> {
  return typeof content === "object" && Symbol.asyncIterator in content;
}

/** The content as bytes, in pieces. */
export function piecesOf(content: FileContent): readonly Uint8Array[] {
  if (typeof content === "string") return [Buffer.from(content, "utf8")];
  return content instanceof Uint8Array ? [content] : content;
}

/** Waits until the folder's directory entries are on the disk, so that a rename in it survives a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders, and its file system journals their names by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await syncToDisk(handle);
  } finally {
    await handle.close();
  }
}

async function syncToDisk(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems, pipes and devices do not support synchronisation and fail with these codes.
    if (!["EINVAL", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const openNew = (file: string) => open(file, "wx");
