import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { RevganError } from "../../protocol/errors";
import { ensureSpace } from "./diskSpace";
import { phaseReporter, type OnProgress } from "./progress";
import { asDiskError, interrupted } from "./systemError";
import { libraryNames, placeInEngine } from "./wheelContents";

export interface UnpackOptions {
  platform?: NodeJS.Platform;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

interface Placed {
  entry: Entry;
  target: string;
}

/**
 * Unpacks the two libraries, the needed headers and the licences of a wheel into an existing folder, file by file. Every name is
 * checked to stay inside the folder, links are refused, and every file's length and CRC-32 must be as the index says.
 * @throws RevganError `input` (no zip, damaged, unsafe names, no TensorFlow for this platform), `disk`, `interrupted`
 */
export async function unpackWheel(wheelPath: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const zip = await openPromise(wheelPath, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw damaged(wheelPath, error);
  });
  try {
    const placed = await placeEntries(zip, wheelPath, folder, options.platform ?? process.platform);
    const total = placed.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    await ensureSpace(folder, total);
    const report = phaseReporter("unpack", total, options.onProgress);
    let done = 0;
    for (const item of placed) await extract(zip, item, wheelPath, options.signal, (bytes) => report((done += bytes)));
  } finally {
    zip.close();
  }
}

async function placeEntries(zip: ZipFile, wheelPath: string, folder: string, platform: NodeJS.Platform): Promise<Placed[]> {
  const placed: Placed[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const place = placeInEngine(entry.fileName, platform);
      if (place !== null) placed.push({ entry, target: safeTarget(entry, folder, place) });
    }
  } catch (error) {
    throw damaged(wheelPath, error);
  }
  const { api, framework } = libraryNames(platform)[0]!;
  for (const name of [api, framework]) {
    if (placed.some(({ target }) => basename(target) === name)) continue;
    throw new RevganError("input", `${wheelPath} holds no TensorFlow library for this system (no tensorflow/${name})`, "use the wheel that `revgan engine install` fetches");
  }
  return placed;
}

/** yauzl refuses `..` and absolute names itself; this does not lean on it. */
function safeTarget(entry: Entry, folder: string, place: string): string {
  const target = join(folder, place);
  const inside = relative(folder, target);
  if (inside.startsWith("..") || isAbsolute(inside)) throw new Error(`unsafe name ${JSON.stringify(entry.fileName)}`);
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000) throw new Error(`${JSON.stringify(entry.fileName)} is a link or a special file`);
  return target;
}

async function extract(zip: ZipFile, { entry, target }: Placed, wheelPath: string, signal: AbortSignal | undefined, onBytes: (bytes: number) => void): Promise<void> {
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
    const mode = basename(dirname(target)) === "lib" ? 0o755 : 0o644;
    await pipeline(source, check, createWriteStream(target, { flags: "wx", mode }), signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted === true) throw interrupted();
    const refused = asDiskError(error, target);
    throw refused instanceof RevganError ? refused : damaged(wheelPath, error);
  }
  if (sum !== entry.crc32) throw damaged(wheelPath, new Error(`CRC-32 of ${entry.fileName} differs`));
}

function damaged(wheelPath: string, cause: unknown): RevganError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RevganError("input", `${wheelPath} is not a wheel that can be unpacked: ${why}`, "fetch it again, or run `revgan engine install` without --from", { cause });
}
