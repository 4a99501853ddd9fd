import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { removeFolder, renamePatiently } from "../../../files/patiently";
import { RevganError } from "../../../protocol/errors";
import { cacheFolders } from "../cacheFolder";
import { addonSource } from "../installed";
import {
  type LocatedWebGpu,
  locateWebGpu,
  webGpuFolder,
  type WebGpuRecord,
  webGpuRecordFile,
} from "../installedWebGpu";
import { probeWebGpu, type WebGpuProbe } from "../probeWebGpu";
import type { WantedGpu } from "../wantedGpu";
import { type Wheel, wgpuNativeVersion } from "./catalogue";
import { compileWebGpu, findCompiler } from "./compiler";
import { asInstallDiskError, interrupted } from "./installErrors";
import { acquireInstallLock } from "./installLock";
import { clearLeftovers, type InstallOptions } from "./installNative";
import { wgpuWheel } from "./installSource";
import { unpackPinned } from "./pinnedWheel";
import { copyShippedBinding, shippedBindings, shippedWebGpuAddon } from "./shippedBinding";

/** Options of the installation; `from` is the path of the wheel, or of a folder with it. */
export type WebGpuInstallOptions = Pick<
  InstallOptions,
  "from" | "signal" | "onProgress" | "onNotice" | "env" | "bindings" | "timeouts"
> & {
  /** The GPU that is tried after the installation. */
  readonly gpu?: WantedGpu;
};

/** The installed engine, and the result of trying it here. */
export interface InstalledWebGpu extends LocatedWebGpu {
  readonly probe: WebGpuProbe;
  /** Whether the engine was already installed, so that nothing was done. */
  readonly alreadyInstalled: boolean;
}

/**
 * Installs the WebGPU engine into the user's cache: wgpu-native's library from its wheel, and the addon that opens it, which came with
 * RevGAN or, in a checkout, is compiled here. It is also installed on a machine without a GPU, since one may be added later; `probe` then
 * tells that none works.
 * @throws RevganError `engine` (no library for this machine, no compiler, the library does not load), `download`, `disk`, `input`,
 * `interrupted`
 */
export async function installWebGpu(options: WebGpuInstallOptions = {}): Promise<InstalledWebGpu> {
  const env = options.env ?? process.env;
  const { signal, onNotice } = options;
  const wheel = wheelOf(options.from);
  const present = options.from === undefined ? await loadable(env, options) : null;
  if (present !== null) return { ...present, alreadyInstalled: true };
  const { engines } = cacheFolders(env);
  const lock = await acquireInstallLock(join(engines, "install.lock"), { wait: true, signal, onNotice });
  const temporary = join(engines, `.building-${process.pid}-${randomUUID()}`);
  try {
    await clearLeftovers(cacheFolders(env));
    await mkdir(temporary, { recursive: true });
    await unpack(wheel, temporary, options, env);
    await placeAddon(temporary, options, env);
    const { platform, arch } = process;
    const record: WebGpuRecord = { format: 1, version: wgpuNativeVersion, source: wheel.wheel.file, platform, arch };
    await writeFile(join(temporary, webGpuRecordFile), `${JSON.stringify(record, null, 2)}\n`);
    options.onProgress?.({ phase: "check", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
    const folder = webGpuFolder(env);
    if (existsSync(folder)) await renamePatiently(folder, join(engines, `.old-${randomUUID()}`));
    await renamePatiently(temporary, folder);
    await clearLeftovers(cacheFolders(env));
    const located = locateWebGpu(env)!;
    return { ...located, probe: await probeWebGpu(located, options.gpu ?? null, signal), alreadyInstalled: false };
  } catch (error) {
    if (signal?.aborted === true && !(error instanceof RevganError)) throw interrupted();
    throw asInstallDiskError(error, temporary);
  } finally {
    await removeFolder(temporary);
    await lock.release();
  }
}

/** The installed engine, if it has the pinned version and its library loads; else null. */
async function loadable(
  env: NodeJS.ProcessEnv,
  { gpu = null, signal }: WebGpuInstallOptions,
): Promise<(LocatedWebGpu & { readonly probe: WebGpuProbe }) | null> {
  const located = locateWebGpu(env);
  if (located?.version !== wgpuNativeVersion) return null;
  const probe = await probeWebGpu(located, gpu, signal);
  return probe.works || probe.adapters.length > 0 ? { ...located, probe } : null;
}

/** @returns the wheel and its path; the path is null where the wheel is to be downloaded */
function wheelOf(from: string | undefined): { readonly wheel: Wheel; readonly path: string | null } {
  const wheel = wgpuWheel();
  if (from === undefined) return { wheel, path: null };
  const path = resolve(from);
  if (!existsSync(path)) throw new RevganError("input", `${path} does not exist`, `name the file ${wheel.file}`);
  const file = statSync(path).isDirectory() ? readdirSync(path).find((name) => name === wheel.file) : undefined;
  const found = file === undefined ? path : join(path, file);
  if (basename(found) === wheel.file) return { wheel, path: found };
  throw new RevganError("input", `${path} is not ${wheel.file}, nor a folder with it`, `name that file`);
}

async function unpack(
  { wheel, path }: { readonly wheel: Wheel; readonly path: string | null },
  folder: string,
  options: WebGpuInstallOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await unpackPinned({ wheel, path, holds: "webgpu" }, folder, options, env);
  // The wheel has only the licence of its Python part.
  for (const name of ["LICENSE.wgpu-native.txt", "LICENSES.wgpu-native-crates.txt"])
    await cp(join(dirname(addonSource("webgpu")), name), join(folder, name));
}

async function placeAddon(
  folder: string,
  { bindings, signal, onProgress }: WebGpuInstallOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const shipped = shippedWebGpuAddon(bindings ?? shippedBindings);
  if (shipped !== null) return copyShippedBinding(shipped, folder);
  onProgress?.({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
  await compileWebGpu({ compiler: await findCompiler(env), folder, env, signal });
}
