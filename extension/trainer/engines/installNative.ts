import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import { cacheFolders, type CacheFolders } from "./cacheFolder";
import { wheelUrl } from "./catalogue";
import { sha256OfFile } from "./checksum";
import { compileBinding, findCompiler, type Compiler } from "./compiler";
import { ensureSpace } from "./diskSpace";
import { bytesToCome, download, type Patience } from "./download";
import { acquireInstallLock } from "./installLock";
import { engineFolderName, locateNative, nativeFolders, writeRecord } from "./installed";
import { installSource, thisMachine, type InstallSource } from "./installSource";
import { probeBinding } from "./probe";
import { phaseReporter, type OnProgress } from "./progress";
import { copyShippedBinding, shippedBindingFor, shippedBindings } from "./shippedBinding";
import { copyTensorflow, totalSize } from "./sourceFolder";
import { asDiskError, interrupted } from "./systemError";
import { unpackWheel } from "./unpackWheel";
import { libraryNames, type LibraryNames } from "./wheelContents";

export interface InstallOptions {
  /** A wheel, or a folder with TensorFlow; nothing is fetched then. */
  from?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  /** Sentences that the user should read: a wait for another installer, a wheel of unknown origin. */
  onNotice?: ((text: string) => void) | undefined;
  /** REVGAN_CACHE, REVGAN_PYPI, CXX and so on; this process's by default. */
  env?: NodeJS.ProcessEnv | undefined;
  /** What to install; tests give a small wheel of their own. */
  source?: InstallSource;
  /** The folder with compiled bindings, by default the one that came with RevGAN. */
  bindings?: string;
  patience?: Patience;
}

export interface InstalledEngine {
  bindingPath: string;
  /** `2.21.0` */
  version: string;
  device: string;
  /** It was there and works: nothing was done. */
  alreadyInstalled: boolean;
}

/** How to come by a binding: a compiled one came with RevGAN, in this folder, or a compiler makes one here. */
type Way = { kind: "shipped"; folder: string } | { kind: "compile"; compiler: Compiler };

type Job = InstallOptions & { env: NodeJS.ProcessEnv; source: InstallSource; way: Way; folders: CacheFolders };

/**
 * Installs the native engine into the user's cache: TensorFlow's library from its wheel, and tfjs-node's binding, which
 * came with RevGAN or, in a checkout and with a TensorFlow of the user's own making, is compiled here.
 * Without `from`, an engine that works is left alone. If another process is installing, this waits and then uses that engine. The
 * engine's folder appears complete or not at all; an interrupted download is kept and continued by the next run.
 * @throws RevganError `engine` (no engine for this machine, no compiler, it does not work here), `download`, `disk`, `input`, `interrupted`
 */
export async function installNative(options: InstallOptions = {}): Promise<InstalledEngine> {
  try {
    return await install(options);
  } catch (error) {
    if (options.signal?.aborted === true && !(error instanceof RevganError)) throw interrupted();
    throw error;
  }
}

async function install(options: InstallOptions): Promise<InstalledEngine> {
  const env = options.env ?? process.env;
  const source = options.source ?? installSource(options.from);
  const present = await workingEngine(options, env);
  if (present) return present;
  // Before the long download: without a compiler, where one is needed, it would be in vain.
  const way = await wayToBinding(source, env, options.bindings ?? shippedBindings);
  const folders = cacheFolders(env);
  const lock = await acquireInstallLock(join(folders.engines, "install.lock"), { wait: true, signal: options.signal, onNotice: options.onNotice });
  try {
    return (await workingEngine(options, env)) ?? (await build({ ...options, env, source, way, folders }));
  } finally {
    await lock.release();
  }
}

async function wayToBinding(source: InstallSource, env: NodeJS.ProcessEnv, bindings: string): Promise<Way> {
  const folder = shippedBindingFor(source.kind === "folder" ? source.tensorflow.libraries : libraryNames(process.platform)[0]!, bindings);
  return folder === null ? { kind: "compile", compiler: await findCompiler(env) } : { kind: "shipped", folder };
}

async function workingEngine(options: InstallOptions, env: NodeJS.ProcessEnv): Promise<InstalledEngine | null> {
  const located = locateNative(env);
  if (options.from !== undefined || options.source || located?.source !== "revgan") return null;
  const probe = await probeBinding(located.bindingPath, { signal: options.signal });
  return probe.works ? { bindingPath: located.bindingPath, version: probe.version, device: probe.device, alreadyInstalled: true } : null;
}

async function build(job: Job): Promise<InstalledEngine> {
  await clearLeftovers(job.folders);
  const wheel = await obtain(job);
  const temporary = join(job.folders.engines, `.building-${process.pid}-${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    const libraries = await fill(job, wheel, temporary);
    const { version, device } = await bindAndCheck(job, temporary, libraries);
    const record = { format: 3 as const, engine: "native" as const, version, ...thisMachine, source: sourceName(job.source), installedAt: new Date().toISOString() };
    await writeRecord(temporary, record);
    const folder = join(job.folders.engines, engineFolderName(record));
    await replace(folder, temporary, job);
    if (job.source.kind === "download" && wheel !== null) await rm(wheel, { force: true });
    return { bindingPath: join(folder, "tfjs_binding.node"), version, device, alreadyInstalled: false };
  } catch (error) {
    throw asDiskError(error, temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The checked wheel on this disk, or null when a folder is the source. */
async function obtain(job: Job): Promise<string | null> {
  const { source, folders, signal, onProgress } = job;
  if (source.kind === "folder") {
    const { libraryFolder, libraries } = source.tensorflow;
    await ensureSpace(folders.engines, await totalSize([join(libraryFolder, libraries.api), join(libraryFolder, libraries.framework)]));
    return null;
  }
  if (source.kind === "download") {
    const { wheel } = source;
    const file = join(folders.downloads, wheel.file);
    await ensureSpace(folders.engines, (await bytesToCome({ file, size: wheel.size })) + wheel.unpackedSize);
    await download({ url: wheelUrl(wheel, job.env), file, size: wheel.size, sha256: wheel.sha256, signal, onProgress, ...(job.patience && { patience: job.patience }) });
    return file;
  }
  if (source.warning !== null) job.onNotice?.(source.warning);
  if (source.wheel !== null) {
    const found = await sha256OfFile(source.path, signal, phaseReporter("verify", source.wheel.size, onProgress));
    if (found !== source.wheel.sha256) {
      throw new RevganError("input", `${source.path} is damaged: its SHA-256 is not the one of ${source.wheel.file}`, "fetch it again, or run `revgan engine install` without --from");
    }
  }
  return source.path;
}

async function fill(job: Job, wheel: string | null, folder: string): Promise<LibraryNames> {
  const { source, signal, onProgress } = job;
  if (source.kind === "folder") {
    await copyTensorflow(source.tensorflow, folder, { signal, onProgress });
    return source.tensorflow.libraries;
  }
  await unpackWheel(wheel!, folder, { signal, onProgress });
  return libraryNames(process.platform)[0]!;
}

async function bindAndCheck(job: Job, folder: string, libraries: LibraryNames): Promise<{ version: string; device: string }> {
  const { way, env, signal, onProgress } = job;
  if (way.kind === "shipped") await copyShippedBinding(way.folder, folder);
  else {
    onProgress?.({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
    await compileBinding({ compiler: way.compiler, folder, libraries, env, signal });
  }
  const bindingPath = join(folder, "tfjs_binding.node");
  onProgress?.({ phase: "check", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
  const probe = await probeBinding(bindingPath, { signal });
  if (probe.works) return probe;
  throw new RevganError("engine", `the native engine was built but does not work here: ${probe.reason}`, "use the wasm engine, and see --verbose for TensorFlow's words", probe.cause && { cause: probe.cause });
}

/** Puts the finished folder in place of an older one, and drops other versions. */
async function replace(folder: string, finished: string, job: Job): Promise<void> {
  if (existsSync(folder)) await rename(folder, join(job.folders.engines, `.old-${randomUUID()}`));
  await rename(finished, folder);
  for (const other of nativeFolders(job.env)) if (other !== folder) await rm(other, { recursive: true, force: true });
  await clearLeftovers(job.folders);
}

/** What killed installers left. Who calls this holds the lock, so none of it is in use. */
export async function clearLeftovers(folders: CacheFolders): Promise<void> {
  for (const name of readdirSync(folders.engines)) {
    if (name.startsWith(".building-") || name.startsWith(".old-")) await rm(join(folders.engines, name), { recursive: true, force: true });
  }
}

function sourceName(source: InstallSource): string {
  return source.kind === "download" ? source.wheel.file : source.path;
}
