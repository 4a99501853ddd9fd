import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { removeFolder, renamePatiently } from "../../../files/patiently";
import { RevganError } from "../../../protocol/errors";
import { cacheFolders } from "../cacheFolder";
import { locateMpi, mpiAddonFile, mpiFolder, type LocatedMpi, type MpiRecord, mpiRecordFile } from "../installedMpi";
import { probeMpi } from "../probeMpi";
import { mpichVersion, mpichWheelFor, type Wheel } from "./catalogue";
import { compileMpi, findCompiler, type Compiler } from "./compiler";
import { asInstallDiskError, interrupted } from "./installErrors";
import { acquireInstallLock } from "./installLock";
import { clearLeftovers, type InstallOptions } from "./installNative";
import type { OnProgress } from "./progress";
import { unpackPinned } from "./pinnedWheel";
import { copyShippedBinding, shippedBindings, shippedMpiAddon } from "./shippedBinding";
import { mpiLibraryName } from "./wheelContents";

/** `from`: the folder of an MPI, its compiler wrapper, its library with the standard ABI, or MPICH's wheel. */
export type MpiInstallOptions = Pick<
  InstallOptions,
  "from" | "signal" | "onProgress" | "onNotice" | "env" | "bindings" | "timeouts"
>;

/** The origin of an MPI: MPICH's wheel, a library with the standard ABI, or the compiler wrapper of another MPI. */
type MpiSource =
  | { readonly kind: "wheel"; readonly wheel: Wheel; /** Null: it is fetched. */ readonly path: string | null }
  | { readonly kind: "library"; readonly path: string; readonly mpiexec: string | null }
  | { readonly kind: "wrapper"; readonly path: string; readonly mpiexec: string | null };

/** The MPI that was installed. */
export interface InstalledMpi extends LocatedMpi {
  /** Whether MPI was already installed and works, so that nothing was done. */
  readonly alreadyInstalled: boolean;
}

/**
 * Sets MPI up, so that several processes can train together. The machine's own MPI is preferred, because on a cluster its library knows the
 * network; otherwise MPICH's wheel is used. The addon that comes with RevGAN opens a library with the standard ABI of MPI 5; for another
 * one the addon is compiled here, by that MPI's own wrapper.
 * @throws RevganError `engine` (no MPI for this machine, no compiler, it does not work), `download`, `disk`, `input`, `interrupted`
 */
export async function installMpi(options: MpiInstallOptions = {}): Promise<InstalledMpi> {
  const env = options.env ?? process.env;
  const present = options.from === undefined ? locateMpi(env) : null;
  if (present !== null && (await probeMpi(present, options.signal)).works)
    return { ...present, alreadyInstalled: true };
  const source = sourceOf(options.from, env);
  if (source.kind !== "wheel") options.onNotice?.(`uses ${source.path}`);
  const { engines } = cacheFolders(env);
  const lock = await acquireInstallLock(join(engines, "install.lock"), {
    wait: true,
    signal: options.signal,
    onNotice: options.onNotice,
  });
  const temporary = join(engines, `.building-${process.pid}-${randomUUID()}`);
  try {
    await clearLeftovers(cacheFolders(env));
    await mkdir(temporary, { recursive: true });
    await build(source, temporary, options, env);
    const folder = mpiFolder(env);
    if (existsSync(folder)) await renamePatiently(folder, join(engines, `.old-${randomUUID()}`));
    await renamePatiently(temporary, folder);
    await clearLeftovers(cacheFolders(env));
    return { ...locateMpi(env)!, alreadyInstalled: false };
  } catch (error) {
    if (options.signal?.aborted === true && !(error instanceof RevganError)) throw interrupted();
    throw asInstallDiskError(error, temporary);
  } finally {
    await removeFolder(temporary);
    await lock.release();
  }
}

function sourceOf(from: string | undefined, env: NodeJS.ProcessEnv): MpiSource {
  if (from !== undefined) return namedSource(resolve(from));
  const wrapper = (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "mpicxx"))
    .find((path) => existsSync(path));
  if (wrapper !== undefined) return sourceAround(wrapper);
  const wheel = mpichWheelFor(process.platform, process.arch);
  if (wheel !== null) return { kind: "wheel", wheel, path: null };
  throw new RevganError(
    "engine",
    `MPICH has no wheel for ${process.platform} ${process.arch}`,
    "install an MPI and name its folder: `revgan engine install --mpi PATH`",
  );
}

function namedSource(path: string): MpiSource {
  if (!existsSync(path)) throw new RevganError("input", `${path} does not exist`, "name the folder of an MPI");
  if (statSync(path).isDirectory()) {
    const found = libraryIn(path) ?? join(path, "bin", "mpicxx");
    if (existsSync(found)) return found.endsWith("mpicxx") ? sourceAround(found) : libraryAt(found, path);
  } else if (path.endsWith(".whl")) {
    const wheel = mpichWheelFor(process.platform, process.arch);
    if (wheel !== null && path.endsWith(wheel.file)) return { kind: "wheel", wheel, path };
  } else if (/libmpi_abi\.[^/]*$/.test(path)) return libraryAt(path, dirname(dirname(path)));
  else if (/mpi(cxx|c\+\+)[^/]*$/i.test(path)) return sourceAround(path);
  throw new RevganError(
    "input",
    `${path} is no MPI: it has neither lib/${mpiLibraryName(process.platform)} nor bin/mpicxx, and is not the wheel that is fetched`,
    "name the folder of an MPI, its mpicxx, or MPICH's wheel",
  );
}

/** The MPI that a compiler wrapper belongs to: its library with the standard ABI where it has one, else the wrapper itself. */
function sourceAround(wrapper: string): MpiSource {
  const root = dirname(dirname(realpathSync(wrapper)));
  const library = libraryIn(root);
  return library === null
    ? { kind: "wrapper", path: wrapper, mpiexec: launcherBeside(wrapper) }
    : libraryAt(library, root);
}

/** The launcher beside a wrapper. Where several MPIs are installed, Debian names their files mpicxx.openmpi and mpiexec.openmpi. */
function launcherBeside(wrapper: string): string | null {
  const own = basename(wrapper).replace(/^mpi(cxx|c\+\+)/i, "mpiexec");
  return existing(join(dirname(wrapper), own)) ?? existing(join(dirname(wrapper), "mpiexec"));
}

function libraryAt(path: string, root: string): MpiSource {
  return { kind: "library", path, mpiexec: existing(join(root, "bin", "mpiexec")) };
}

function libraryIn(root: string): string | null {
  for (const folder of ["lib", "lib64"].map((name) => join(root, name))) {
    const name = existsSync(folder)
      ? readdirSync(folder).find((file) => /^libmpi_abi\.(so\.\d+|\d+\.dylib)$/.test(file))
      : undefined;
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null;
}

/**
 * Puts MPI's library and the addon into the folder, and tries them.
 * @throws RevganError `engine` where they do not work
 */
async function build(
  source: MpiSource,
  folder: string,
  options: MpiInstallOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (source.kind === "wheel") await unpackPinned({ ...source, holds: "mpi" }, folder, options, env);
  await placeAddon(source, folder, options, env);
  const own = join("lib", mpiLibraryName(process.platform));
  const library = { wheel: own, library: source.path, wrapper: null }[source.kind];
  const probe = await probeMpi(
    { addon: join(folder, mpiAddonFile), library: library && resolve(folder, library) },
    options.signal,
  );
  if (!probe.works)
    throw new RevganError(
      "engine",
      `${source.path ?? `MPICH ${mpichVersion}`} does not work here: ${probe.reason}`,
      "name another MPI: `revgan engine install --mpi PATH`",
    );
  const record: MpiRecord = {
    format: 1,
    name: probe.name,
    library,
    mpiexec: source.kind === "wheel" ? join("bin", "mpiexec") : source.mpiexec,
    platform: process.platform,
    arch: process.arch,
  };
  await writeFile(join(folder, mpiRecordFile), `${JSON.stringify(record, null, 2)}\n`);
}

async function placeAddon(
  source: MpiSource,
  folder: string,
  { bindings, signal, onProgress }: MpiInstallOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const atRunTime = source.kind !== "wrapper";
  const shipped = atRunTime ? shippedMpiAddon(bindings ?? shippedBindings) : null;
  if (shipped !== null) return copyShippedBinding(shipped, folder);
  onCompile(onProgress);
  const compiler: Compiler = source.kind === "wrapper" ? [source.path] : await findCompiler(env);
  await compileMpi({ compiler, folder, env, signal, atRunTime });
}

function onCompile(onProgress: OnProgress | undefined): void {
  onProgress?.({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
}
