import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256OfFile } from "../../../files/checksums";
import { RevganError } from "../../../protocol/errors";
import { cacheFolders } from "../cacheFolder";
import { type Wheel, wheelUrl } from "./catalogue";
import { download } from "./download";
import { ensureSpace } from "./installErrors";
import type { InstallOptions } from "./installNative";
import { unpackWheel, type UnpackOptions } from "./unpackWheel";

/** A wheel whose checksum is known. */
export interface PinnedWheel {
  readonly wheel: Wheel;
  /** Path of the wheel, which is kept; null: it is downloaded, and deleted after unpacking. */
  readonly path: string | null;
  readonly holds: NonNullable<UnpackOptions["holds"]>;
}

/**
 * Unpacks a pinned wheel into an existing folder. Errors as {@link download} and {@link unpackWheel}.
 * @throws RevganError `input` for a file with another checksum
 */
export async function unpackPinned(
  { wheel, path, holds }: PinnedWheel,
  folder: string,
  { signal, onProgress, timeouts }: Pick<InstallOptions, "signal" | "onProgress" | "timeouts">,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { size, sha256, unpackedSize } = wheel;
  const file = path ?? join(cacheFolders(env).downloads, wheel.file);
  await ensureSpace(folder, unpackedSize + (path === null ? size : 0));
  if (path === null) {
    const url = wheelUrl(wheel, env);
    await download({ url, file, size, sha256, signal, onProgress, ...(timeouts && { timeouts }) });
  } else if ((await sha256OfFile(path, signal)) !== sha256)
    throw new RevganError("input", `${path} is damaged: its SHA-256 is not the one of ${wheel.file}`, "fetch it again");
  await unpackWheel(file, folder, { holds, signal, onProgress });
  if (path === null) await rm(file, { force: true });
}
