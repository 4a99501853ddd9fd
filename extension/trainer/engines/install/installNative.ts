import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { removeFolder, renamePatiently } from "../../../files/patiently";
import { RevganError } from "../../../protocol/errors";
import { cacheFolders, type CacheFolders } from "../cacheFolder";
import { type Build, type Wheel, wheelsOf, wheelUrl } from "./catalogue";
import { sha256OfFile } from "../../../files/checksums";
import { compileBinding, findCompiler, type Compiler } from "./compiler";
import { ensureSpace, asInstallDiskError, interrupted } from "./installErrors";
import { bytesToCome, download, type DownloadTimeouts } from "./download";
import { acquireInstallLock } from "./installLock";
import { engineFolderName, engineFolders, locateEngine, writeRecord } from "../installed";
import { installSource, thisMachine, type InstallSource, type WheelFile } from "./installSource";
import { askNvidia, gpuInUse, lackOf } from "../nvidia";
import { probeBinding, processorName } from "../probe";
import { phaseReporter, partOfTotal, type OnProgress } from "./progress";
import { copyShippedBinding, shippedBindingFor, shippedBindings } from "./shippedBinding";
import { copyTensorflow, totalSize } from "./sourceFolder";
import { unpackWheel } from "./unpackWheel";
import { libraryNames, type LibraryNames } from "./wheelContents";

export interface InstallOptions {
  /** The engine to install; `native` by default. */
  engine?: Build["engine"];
  /** A wheel, or a folder with TensorFlow or with wheels; nothing is downloaded then. */
  from?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  /** Called with sentences that the user should read: a wait for another installer, a wheel of unknown origin, no GPU. */
  onNotice?: ((text: string) => void) | undefined;
  /** The environment, for REVGAN_CACHE, REVGAN_PYPI, CXX and others; this process's by default. */
  env?: NodeJS.ProcessEnv | undefined;
  /** What to install; tests pass a small wheel of their own. */
  source?: InstallSource;
  /** The folder with compiled bindings, by default the one that came with RevGAN. */
  bindings?: string;
  timeouts?: DownloadTimeouts;
}

export interface InstalledEngine {
  bindingPath: string;
  /** TensorFlow's version, for example `2.21.0`. */
  version: string;
  device: string;
  /** Whether the engine was already installed and works, so that nothing was done. */
  alreadyInstalled: boolean;
}

/**
 * The origin of the binding: with `shipped` the compiled one that came with RevGAN is copied from `folder`; with `compile` the compiler
 * makes one here.
 */
type BindingSource = { kind: "shipped"; folder: string } | { kind: "compile"; compiler: Compiler };

type InstallJob = InstallOptions & {
  engine: Build["engine"];
  env: NodeJS.ProcessEnv;
  source: InstallSource;
  way: BindingSource;
  folders: CacheFolders;
};

/**
 * Installs a native engine into the user's cache: TensorFlow's library from its wheel, for the GPU engine also NVIDIA's libraries from
 * their wheels, and tfjs-node's binding. The binding came with RevGAN; in a checkout, or for a TensorFlow whose libraries have other names,
 * it is compiled here. The GPU engine is also installed on a machine without a GPU: it computes on the CPU until there is one.
 * Without `from`, an engine that works is left alone. If another process is installing, this waits and then uses that engine. The engine's
 * folder appears complete or not at all; an interrupted download is kept and continued by the next run.
 * @throws RevganError `engine` (no engine for this machine, a GPU or a driver that is too old, no compiler, it does not work here),
 *   `download`, `disk`, `input`, `interrupted`
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
  const engine = options.engine ?? "native";
  const source = options.source ?? installSource(engine, options.from);
  const present = await workingEngine(options, engine, env);
  if (present) return present;
  if (engine === "native-gpu") await refuseUnusableGpu(options, env);
  // The compiler is looked for before the long download, which would be in vain if one is needed and missing.
  const way = await findBindingSource(source, env, options.bindings ?? shippedBindings);
  const folders = cacheFolders(env);
  const lock = await acquireInstallLock(join(folders.engines, "install.lock"), {
    wait: true,
    signal: options.signal,
    onNotice: options.onNotice,
  });
  try {
    return (
      (await workingEngine(options, engine, env)) ??
      (await buildEngine({ ...options, engine, env, source, way, folders }))
    );
  } finally {
    await lock.release();
  }
}

async function findBindingSource(
  source: InstallSource,
  env: NodeJS.ProcessEnv,
  bindings: string,
): Promise<BindingSource> {
  const folder = shippedBindingFor(
    source.kind === "folder" ? source.tensorflow.libraries : libraryNames(process.platform)[0]!,
    bindings,
  );
  return folder === null ? { kind: "compile", compiler: await findCompiler(env) } : { kind: "shipped", folder };
}

async function workingEngine(
  options: InstallOptions,
  engine: Build["engine"],
  env: NodeJS.ProcessEnv,
): Promise<InstalledEngine | null> {
  const located = locateEngine(engine, env);
  if (options.from !== undefined || options.source || located?.source !== "revgan") return null;
  const probe = await probeBinding(engine, located.bindingPath, { signal: options.signal });
  if (!probe.works) return null;
  return {
    bindingPath: located.bindingPath,
    version: probe.version,
    device: await deviceOf(probe.gpu, env, options.signal),
    alreadyInstalled: true,
  };
}

/**
 * Throws before the long download where the machine's GPU cannot be used. A machine without a GPU only gets a notice, since one may be
 * added later.
 */
async function refuseUnusableGpu({ signal, onNotice }: InstallOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const report = await askNvidia(env, signal);
  const lack = lackOf(report);
  if (lack === null) return;
  if (!("lack" in report)) throw new RevganError("engine", lack.reason, lack.remedy);
  onNotice?.(`${lack.reason}: the engine computes on the CPU until there is one`);
}

async function deviceOf(gpu: boolean, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<string> {
  return gpu ? (gpuInUse(await askNvidia(env, signal), env)?.name ?? "GPU") : processorName();
}

async function buildEngine(job: InstallJob): Promise<InstalledEngine> {
  await clearLeftovers(job.folders);
  const wheels = await obtainWheels(job);
  const temporary = join(job.folders.engines, `.building-${process.pid}-${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    const libraries = await placeLibraries(job, wheels, temporary);
    const { version, device } = await addBindingAndProbe(job, temporary, libraries);
    const record = {
      format: 5 as const,
      engine: job.engine,
      version,
      ...thisMachine,
      source: sourceName(job.source),
      installedAt: new Date().toISOString(),
    };
    await writeRecord(temporary, record);
    const folder = join(job.folders.engines, engineFolderName(record));
    await replaceInstalled(folder, temporary, job);
    if (job.source.kind === "download") for (const wheel of wheels) await rm(wheel, { force: true });
    return { bindingPath: join(folder, "tfjs_binding.node"), version, device, alreadyInstalled: false };
  } catch (error) {
    throw asInstallDiskError(error, temporary);
  } finally {
    await removeFolder(temporary);
  }
}

/** Paths of the checked wheels on this disk, TensorFlow's first; empty when a folder is the source. */
async function obtainWheels(job: InstallJob): Promise<string[]> {
  const { source, folders } = job;
  if (source.kind === "folder") {
    const { libraryFolder, libraries } = source.tensorflow;
    await ensureSpace(
      folders.engines,
      await totalSize([join(libraryFolder, libraries.api), join(libraryFolder, libraries.framework)]),
    );
    return [];
  }
  if (source.kind === "download") return fetchAll(job, wheelsOf(source.build));
  if (source.warning !== null) job.onNotice?.(source.warning);
  const files = [source.tensorflow, ...source.cuda];
  for (const [index, file] of files.entries())
    await verifyWheel(job, file, partOfTotal(job.onProgress, sizesOf(files), index));
  return files.map(({ path }) => path);
}

async function fetchAll(job: InstallJob, wheels: readonly Wheel[]): Promise<string[]> {
  const { folders, signal, timeouts } = job;
  const files = wheels.map((wheel) => join(folders.downloads, wheel.file));
  const toCome = await Promise.all(wheels.map(({ size }, index) => bytesToCome({ file: files[index]!, size })));
  await ensureSpace(
    folders.engines,
    wheels.reduce((sum, { unpackedSize }, index) => sum + unpackedSize + toCome[index]!, 0),
  );
  const sizes = wheels.map(({ size }) => size);
  for (const [index, wheel] of wheels.entries()) {
    const onProgress = partOfTotal(job.onProgress, sizes, index);
    await download({
      url: wheelUrl(wheel, job.env),
      file: files[index]!,
      size: wheel.size,
      sha256: wheel.sha256,
      signal,
      onProgress,
      ...(timeouts && { timeouts }),
    });
  }
  return files;
}

async function verifyWheel(
  { signal }: InstallJob,
  { path, wheel }: WheelFile,
  onProgress: OnProgress | undefined,
): Promise<void> {
  if (wheel === null) return;
  const found = await sha256OfFile(path, signal, phaseReporter("verify", wheel.size, onProgress));
  if (found === wheel.sha256) return;
  throw new RevganError(
    "input",
    `${path} is damaged: its SHA-256 is not the one of ${wheel.file}`,
    "fetch it again, or run `revgan engine install` without --from",
  );
}

function sizesOf(files: readonly WheelFile[]): number[] {
  return files.map(({ wheel }) => wheel?.size ?? 0);
}

async function placeLibraries(job: InstallJob, wheels: readonly string[], folder: string): Promise<LibraryNames> {
  const { source, signal, onProgress } = job;
  if (source.kind === "folder") {
    await copyTensorflow(source.tensorflow, folder, { signal, onProgress });
    return source.tensorflow.libraries;
  }
  for (const [index, wheel] of wheels.entries())
    await unpackWheel(wheel, folder, { holds: index === 0 ? "tensorflow" : "cuda", signal, onProgress });
  return libraryNames(process.platform)[0]!;
}

async function addBindingAndProbe(
  job: InstallJob,
  folder: string,
  libraries: LibraryNames,
): Promise<{ version: string; device: string }> {
  const { engine, way, env, signal, onProgress } = job;
  if (way.kind === "shipped") await copyShippedBinding(way.folder, folder);
  else {
    onProgress?.({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
    await compileBinding({ compiler: way.compiler, folder, libraries, env, signal });
  }
  const bindingPath = join(folder, "tfjs_binding.node");
  onProgress?.({ phase: "check", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
  const probe = await probeBinding(engine, bindingPath, { signal });
  if (probe.works) return { version: probe.version, device: await deviceOf(probe.gpu, env, signal) };
  throw new RevganError(
    "engine",
    `the ${engine} engine was built but does not work here: ${probe.reason}`,
    "use the wasm engine, and see --verbose for TensorFlow's words",
    probe.cause && { cause: probe.cause },
  );
}

/** Puts the finished folder in place of an older one, and deletes the engine's other versions. */
async function replaceInstalled(folder: string, finished: string, job: InstallJob): Promise<void> {
  if (existsSync(folder)) await renamePatiently(folder, join(job.folders.engines, `.old-${randomUUID()}`));
  await renamePatiently(finished, folder);
  for (const other of engineFolders(job.engine, job.env)) if (other !== folder) await removeFolder(other);
  await clearLeftovers(job.folders);
}

/** Deletes the temporary folders that killed installers left. The caller holds the lock, so none of them is in use. */
export async function clearLeftovers(folders: CacheFolders): Promise<void> {
  for (const name of readdirSync(folders.engines)) {
    if (name.startsWith(".building-") || name.startsWith(".old-")) await removeFolder(join(folders.engines, name));
  }
}

function sourceName(source: InstallSource): string {
  if (source.kind === "download") return source.build.tensorflow.file;
  return source.kind === "files" ? source.tensorflow.path : source.path;
}
