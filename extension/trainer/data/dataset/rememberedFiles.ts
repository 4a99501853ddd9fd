import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readIfThere } from "../../../files/limitedRead";
import type { ImageInfo } from "../decoder/decoderProtocol";

/** The most bytes that the cache holds of one data folder. */
const mostFolderBytes = 2 ** 24;

/** The most bytes of the whole cache; the folders that were looked at longest ago are deleted first. */
const mostCacheBytes = 2 ** 26;

/** To be raised when the decoder describes the same file differently than before: entries of earlier versions are then not used. */
const formatVersion = 1;

/** The cached entries of one data folder. */
interface RememberedFolder {
  readonly file: string;
  /** By file name: the file's state as `SIZE TIME`, and what was found. */
  readonly known: Map<string, readonly [string, ImageInfo]>;
  bytes: number;
}

/**
 * A cache of what earlier checks found in readable files, valid while a file's size and modification time stay the same. It is in the
 * user's cache folder: a JSONL file for each data folder, with a line for each image or volume. A line that cannot be read or written is no
 * error: that image or volume is looked at again.
 */
export class RememberedFiles {
  private readonly folders = new Map<string, Promise<RememberedFolder>>();
  private readonly lines = new Map<RememberedFolder, string[]>();

  /**
   * @param cache the cache folder, which may not exist
   * @param kind the settings that a file was looked at with, such as the intensities of volumes; entries of another kind are not used
   */
  constructor(
    private readonly cache: string,
    private readonly kind: string,
  ) {}

  /**
   * `info`: the cached description of a file; null if there is none, or the file has changed since. `state`: the file's size and
   * modification time, to be passed to `remember`; null if the file cannot be accessed.
   */
  async recall(file: string): Promise<{ readonly state: string | null; readonly info: ImageInfo | null }> {
    const found = await stat(file, { bigint: true }).catch(() => null);
    if (found === null) return { state: null, info: null };
    const state = `${found.size} ${found.mtimeNs}`;
    const known = (await this.folderOf(file)).known.get(basename(file));
    return { state, info: known?.[0] === state ? known[1] : null };
  }

  /** Caches the description of a file. @param state from `recall`, before the file was read */
  async remember(file: string, state: string, info: ImageInfo): Promise<void> {
    const folder = await this.folderOf(file);
    const line = `${JSON.stringify([basename(file), state, info])}\n`;
    folder.bytes += line.length;
    if (folder.bytes > mostFolderBytes) return;
    this.lines.set(folder, [...(this.lines.get(folder) ?? []), line]);
  }

  /** Appends to the cache what `remember` has added since the last call. */
  async save(): Promise<void> {
    const all = [...this.lines];
    this.lines.clear();
    try {
      if (all.length > 0) await mkdir(this.cache, { recursive: true });
      for (const [{ file }, lines] of all) await appendFile(file, lines.join(""));
    } catch {
      // A cache that cannot be written is no error: the files are looked at again.
    }
  }

  /** Deletes the cache files of the folders that were looked at longest ago, until the whole cache is within `mostCacheBytes`. */
  async prune(): Promise<void> {
    const names = await readdir(this.cache).catch(() => []);
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(this.cache, name);
        const found = await stat(file).catch(() => null);
        return { file, size: found?.size ?? 0, time: found?.mtimeMs ?? 0 };
      }),
    );
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of files.sort((x, y) => x.time - y.time)) {
      if (bytes <= mostCacheBytes) return;
      await rm(file, { force: true }).catch(() => undefined);
      bytes -= size;
    }
  }

  private folderOf(file: string): Promise<RememberedFolder> {
    const path = dirname(file);
    const known = this.folders.get(path) ?? this.read(path);
    this.folders.set(path, known);
    return known;
  }

  private async read(path: string): Promise<RememberedFolder> {
    const name = createHash("sha256").update(`${formatVersion} ${this.kind} ${path}`).digest("hex").slice(0, 32);
    const file = join(this.cache, `${name}.jsonl`);
    const text = (await readIfThere(file, 2 * mostFolderBytes).catch(() => undefined)) ?? "";
    const known: RememberedFolder["known"] = new Map();
    for (const line of text.split("\n")) {
      const entry = parsed(line);
      if (entry !== null) known.set(entry[0], [entry[1], entry[2]]);
    }
    return { file, known, bytes: text.length };
  }
}

/** A cache line's file name, state and description; null for a torn or damaged line. */
function parsed(line: string): [string, string, ImageInfo] | null {
  try {
    const value = JSON.parse(line) as [unknown, unknown, Partial<ImageInfo> | null];
    const [name, state, info] = value;
    const isWhole =
      typeof name === "string" &&
      typeof state === "string" &&
      typeof info?.height === "number" &&
      typeof info.width === "number" &&
      typeof info.channels === "number";
    return isWhole ? (value as [string, string, ImageInfo]) : null;
  } catch {
    return null;
  }
}
