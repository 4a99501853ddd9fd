import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readIfThere } from "../../../files/limitedRead";
import type { ImageInfo } from "../decoder/decoderProtocol";

/** Bytes that are remembered of one data folder. */
const largestFile = 2 ** 24;

/** Bytes that are remembered in all; the folders that were looked at longest ago are forgotten first. */
const largestCache = 2 ** 26;

/** Raised when a decoder tells something else of the same file than before: what earlier versions remembered is dropped. */
const format = 1;

/** What was remembered of one data folder. */
interface Folder {
  readonly file: string;
  /** By file name: `SIZE TIME`, and what was found. */
  readonly known: Map<string, readonly [string, ImageInfo]>;
  bytes: number;
}

/**
 * What earlier checks found in files that can be read, by path, size and time of change, in the user's cache: a line a file, in a file
 * a data folder. Whatever cannot be read or written of it is looked at again.
 */
export class RememberedFiles {
  private readonly folders = new Map<string, Promise<Folder>>();
  private readonly lines = new Map<Folder, string[]>();

  /**
   * @param cache its folder, which may not exist
   * @param kind what of a file was looked at, such as the intensities of volumes
   */
  constructor(
    private readonly cache: string,
    private readonly kind: string,
  ) {}

  /** What is known of a file, if it has not changed since; and how it is, to remember it by. */
  async recall(file: string): Promise<{ readonly state: string | null; readonly info: ImageInfo | null }> {
    const found = await stat(file, { bigint: true }).catch(() => null);
    if (found === null) return { state: null, info: null };
    const state = `${found.size} ${found.mtimeNs}`;
    const known = (await this.folderOf(file)).known.get(basename(file));
    return { state, info: known?.[0] === state ? known[1] : null };
  }

  /** @param state from `recall`, before the file was read */
  async remember(file: string, state: string, info: ImageInfo): Promise<void> {
    const folder = await this.folderOf(file);
    const line = `${JSON.stringify([basename(file), state, info])}\n`;
    folder.bytes += line.length;
    if (folder.bytes > largestFile) return;
    this.lines.set(folder, [...(this.lines.get(folder) ?? []), line]);
  }

  /** Writes what was added since. */
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

  /** Forgets the folders that were looked at longest ago, where all take too much room. */
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
      if (bytes <= largestCache) return;
      await rm(file, { force: true }).catch(() => undefined);
      bytes -= size;
    }
  }

  private folderOf(file: string): Promise<Folder> {
    const path = dirname(file);
    const known = this.folders.get(path) ?? this.read(path);
    this.folders.set(path, known);
    return known;
  }

  private async read(path: string): Promise<Folder> {
    const name = createHash("sha256").update(`${format} ${this.kind} ${path}`).digest("hex").slice(0, 32);
    const file = join(this.cache, `${name}.jsonl`);
    const text = (await readIfThere(file, 2 * largestFile).catch(() => undefined)) ?? "";
    const known: Folder["known"] = new Map();
    for (const line of text.split("\n")) {
      const entry = parsed(line);
      if (entry !== null) known.set(entry[0], [entry[1], entry[2]]);
    }
    return { file, known, bytes: text.length };
  }
}

/** Null for a torn or damaged line. */
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
