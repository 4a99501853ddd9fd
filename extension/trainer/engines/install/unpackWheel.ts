import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { RevganError } from "../../../protocol/errors";
import { ensureSpace, asInstallDiskError, interrupted } from "./installErrors";
import { phaseReporter, type OnProgress } from "./progress";
import {
  libraryNames,
  mpiLibraryName,
  pathInEngine,
  placeCudaInEngine,
  placeMpi,
  placeWgpu,
  wgpuLibraryName,
} from "./wheelContents";

export interface UnpackOptions {
  /** Which project's wheel it is, or the rules for what to unpack; TensorFlow's by default. */
  holds?: keyof typeof contents | WheelContents;
  platform?: NodeJS.Platform;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

/** Which files of a wheel are unpacked. */
export interface WheelContents {
  /** The target path of a file, with `/` between the parts; null for a file that is not needed. */
  readonly place: (name: string, platform: NodeJS.Platform) => string | null;
  /** Names the needed files that the wheel lacks; null where it has all. */
  readonly missingIn: (placed: readonly PlacedEntry[], platform: NodeJS.Platform) => string | null;
}

interface PlacedEntry {
  entry: Entry;
  target: string;
}

/**
 * Unpacks the libraries, the needed headers and the licences of a wheel into an existing folder, file by file. Every name is
 * checked to stay inside the folder, links are refused, and every file's length and CRC-32 must be as the index says.
 * @throws RevganError `input` (no zip, damaged, unsafe names, none of the libraries that it should hold), `disk`, `interrupted`
 */
export async function unpackWheel(wheelPath: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const zip = await openPromise(wheelPath, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damagedWheel(wheelPath, error);
  });
  try {
    const platform = options.platform ?? process.platform;
    const { holds = "tensorflow" } = options;
    const { place, missingIn } = typeof holds === "string" ? contents[holds] : holds;
    const placed = await placeEntries(zip, wheelPath, folder, (name) => place(name, platform));
    const missing = missingIn(placed, platform);
    if (missing !== null)
      throw new RevganError(
        "input",
        `${wheelPath} holds ${missing}`,
        "use the wheel that `revgan engine install` fetches",
      );
    const total = placed.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    await ensureSpace(folder, total);
    const report = phaseReporter("unpack", total, options.onProgress);
    let done = 0;
    for (const item of placed) await extract(zip, item, wheelPath, options.signal, (bytes) => report((done += bytes)));
  } finally {
    zip.close();
  }
}

const contents = {
  tensorflow: {
    place: pathInEngine,
    missingIn: (placed, platform) => {
      const { api, framework } = libraryNames(platform)[0]!;
      const name = [api, framework].find((each) => !holdsFile(placed, each));
      return name === undefined ? null : `no TensorFlow library for this system (no tensorflow/${name})`;
    },
  },
  cuda: {
    place: placeCudaInEngine,
    missingIn: (placed) =>
      placed.some(({ target }) => basename(dirname(target)) === "lib") ? null : "none of NVIDIA's libraries",
  },
  mpi: {
    place: placeMpi,
    missingIn: (placed, platform) =>
      holdsFile(placed, mpiLibraryName(platform))
        ? null
        : `no MPI library for this system (no ${mpiLibraryName(platform)})`,
  },
  webgpu: {
    place: placeWgpu,
    missingIn: (placed, platform) =>
      holdsFile(placed, wgpuLibraryName(platform))
        ? null
        : `no wgpu-native for this system (no ${wgpuLibraryName(platform)})`,
  },
} satisfies Record<string, WheelContents>;

function holdsFile(placed: readonly PlacedEntry[], name: string): boolean {
  return placed.some(({ target }) => basename(target) === name);
}

async function placeEntries(
  zip: ZipFile,
  wheelPath: string,
  folder: string,
  placeOf: (name: string) => string | null,
): Promise<PlacedEntry[]> {
  const placed: PlacedEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const place = placeOf(entry.fileName);
      if (place !== null) placed.push({ entry, target: safeTarget(entry, folder, place) });
    }
  } catch (error) {
    throw damagedWheel(wheelPath, error);
  }
  return placed;
}

/** The path to unpack an entry to. yauzl refuses `..` and absolute names too; this check does not rely on it. */
function safeTarget(entry: Entry, folder: string, place: string): string {
  const target = join(folder, place);
  const inside = relative(folder, target);
  if (inside.startsWith("..") || isAbsolute(inside)) throw new Error(`unsafe name ${JSON.stringify(entry.fileName)}`);
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000) throw new Error(`${JSON.stringify(entry.fileName)} is a link or a special file`);
  return target;
}

async function extract(
  zip: ZipFile,
  { entry, target }: PlacedEntry,
  wheelPath: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let sum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await mkdir(dirname(target), { recursive: true });
    const source = await zip.openReadStreamPromise(entry);
    const mode = ["lib", "bin"].includes(basename(dirname(target))) ? 0o755 : 0o644;
    await pipeline(source, check, createWriteStream(target, { flags: "wx", mode }), signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted === true) throw interrupted();
    const refused = asInstallDiskError(error, target);
    throw refused instanceof RevganError ? refused : damagedWheel(wheelPath, error);
  }
  if (sum !== entry.crc32) throw damagedWheel(wheelPath, new Error(`CRC-32 of ${entry.fileName} differs`));
}

function damagedWheel(wheelPath: string, cause: unknown): RevganError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RevganError(
    "input",
    `${wheelPath} is not a wheel that can be unpacked: ${why}`,
    "fetch it again, or run `revgan engine install` without --from",
    { cause },
  );
}
