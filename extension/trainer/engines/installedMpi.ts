import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as z from "zod/mini";
import { cacheFolders } from "./cacheFolder";

/** The content of `mpi.json`. It is written last, so a folder that has it is complete. */
const recordSchema = z.object({
  format: z.literal(1),
  /** For example `MPICH 5.0.2`. */
  name: z.string(),
  /**
   * The MPI library that the addon opens, as a path relative to the folder or absolute; null where the addon is linked with the library.
   */
  library: z.nullable(z.string()),
  /** The launcher of this MPI, as a path relative to the folder or absolute; null where there is none. */
  mpiexec: z.nullable(z.string()),
  platform: z.string(),
  arch: z.string(),
});

export type MpiRecord = z.infer<typeof recordSchema>;

/** MPI as `revgan engine install --mpi` has set it up. All paths are absolute. */
export interface LocatedMpi {
  readonly name: string;
  readonly addon: string;
  readonly library: string | null;
  readonly mpiexec: string | null;
}

export const mpiRecordFile = "mpi.json";
export const mpiAddonFile = "mpi.node";

/**
 * Libraries below MPI patch the code of malloc, mmap and brk to learn of unmapped memory, for networks that read memory by themselves.
 * Under Node this crashes one start in fifty (in V8's tracing, whose strings are gone; MPICH 5.0.2 with UCX and with libfabric, 4 processes
 * on 2 cores); without the patching none of 490 starts crashed. Nothing here sends the same memory often enough to gain from it.
 */
const withoutMemoryHooks = {
  UCX_MEM_EVENTS: "no",
  FI_MR_CACHE_MONITOR: "disabled",
  OMPI_MCA_memory: "^patcher",
} as const;

/** The environment in which a process opens MPI's library. The user's own values win. */
export function mpiEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...withoutMemoryHooks, ...env };
}

/** Variables by which a launcher tells a process that it belongs to a group of processes. */
const launcherVariables = /^(PMI|PMIX|OMPI|PRTE|SLURM|HYDRA|MPI_|MPIR_|MPIEXEC|MPICH)/;

/** The environment for a child process that is to run alone, although an MPI launcher has started its parent as one of several. */
export function withoutLauncher(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !launcherVariables.test(name)));
}

/** The folder into which MPI is installed, for this platform and processor. */
export function mpiFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolders(env).engines, `mpi-${process.platform}-${process.arch}`);
}

/** The installed MPI; null where there is none. Its files are only located, not tried. */
export function locateMpi(env: NodeJS.ProcessEnv = process.env): LocatedMpi | null {
  const folder = mpiFolder(env);
  const record = readRecord(join(folder, mpiRecordFile));
  const addon = join(folder, mpiAddonFile);
  if (record === null || !existsSync(addon)) return null;
  const absolute = (path: string | null): string | null =>
    path === null || isAbsolute(path) ? path : join(folder, path);
  return { name: record.name, addon, library: absolute(record.library), mpiexec: absolute(record.mpiexec) };
}

function readRecord(file: string): MpiRecord | null {
  try {
    const { success, data } = recordSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return success ? data : null;
  } catch {
    return null;
  }
}
