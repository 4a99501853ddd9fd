import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { removeFolder, renamePatiently } from "../../../files/patiently";
import { cacheFolders } from "../cacheFolder";
import { acquireInstallLock } from "./installLock";
import { clearLeftovers } from "./installNative";
import { engineFolders } from "../installed";
import { mpiFolder } from "../installedMpi";
import { webGpuFolder } from "../installedWebGpu";
import { asInstallDiskError } from "./installErrors";

export interface Removed {
  folders: string[];
  /** Bytes that were freed on the disk. */
  bytes: number;
}

/**
 * Removes the native engines of this machine, the WebGPU engine, MPI, and all unfinished downloads. A training that uses one of them
 * continues: the system keeps its library until the process ends. On Windows such a training must have ended before.
 * @throws RevganError `locked` while another process installs, `disk`
 */
export async function removeNative(env: NodeJS.ProcessEnv = process.env): Promise<Removed> {
  const folders = cacheFolders(env);
  if (!existsSync(folders.root)) return { folders: [], bytes: 0 };
  const lock = await acquireInstallLock(join(folders.engines, "install.lock"), { wait: false });
  try {
    const others = [webGpuFolder(env), mpiFolder(env)].filter((folder) => existsSync(folder));
    const engines = [...engineFolders("native", env), ...engineFolders("native-gpu", env), ...others];
    const bytes = (await bytesIn(folders.downloads)) + (await sumOf(engines.map(bytesIn)));
    for (const folder of engines) await renamePatiently(folder, join(folders.engines, `.old-${randomUUID()}`));
    await clearLeftovers(folders);
    await removeFolder(folders.downloads);
    return { folders: engines, bytes };
  } catch (error) {
    throw asInstallDiskError(error, folders.root);
  } finally {
    await lock.release();
  }
}

async function bytesIn(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return sumOf(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
}

async function sumOf(numbers: Promise<number>[]): Promise<number> {
  return (await Promise.all(numbers)).reduce((sum, number) => sum + number, 0);
}
