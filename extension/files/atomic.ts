import { open, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { explainingDiskErrors } from "./diskErrors";
import { renamePatiently } from "./patiently";

/** Content of a file: text, bytes, or chunks of bytes in order. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

export interface WriteOptions {
  /** The run folder that the file belongs to, named in the remedy of an error. */
  readonly run?: string | undefined;
  /** Opens a new file for writing; tests simulate a full disk here. */
  readonly open?: (file: string) => Promise<FileHandle>;
}

/**
 * Replaces a file so that readers see the old content or the new, never a part, also after a power failure.
 * @throws RevganError `disk`; the old content stays, and no temporary file
 */
export async function writeFileAtomic(
  file: string,
  content: FileContent | AsyncIterable<Uint8Array>,
  options: WriteOptions = {},
): Promise<void> {
  await writeFilesAtomic(new Map([[file, content]]), options);
}

/** As {@link writeFileAtomic}, of files that belong together: all are written before the first is replaced. */
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

/** Two writes of one process at the same time must not share a temporary file. */
let nextNumber = 0;

/** Writes a new file and waits until the disk has it. Errors are Node's. */
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

/** Waits until the disk has the folder's list of names, so that a rename in it outlives a power cut. */
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
    // Some network file systems, pipes and devices have nothing to synchronise.
    if (!["EINVAL", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const openNew = (file: string) => open(file, "wx");
