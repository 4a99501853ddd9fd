import { RevganError } from "../../protocol/errors";
import { locateMpi, mpiEnvironment } from "../engines/installedMpi";
import { requireFromHere } from "../engines/packages";
import type { Launch } from "./launcher";

/**
 * The connection between the processes of a training, by MPI (native/mpi.cc). Calls return at once and are carried out one after another.
 */
export interface Communicator {
  /** This process's number, from 0. */
  readonly rank: number;
  readonly size: number;
  /** This process's number among those on this machine, from 0. */
  readonly localRank: number;
  readonly localSize: number;
  /** The name of this process's machine. */
  readonly host: string;
  /** Replaces the first `means` values by their means over all processes, the others by their sums. All processes get the same bits. */
  sum(values: Float32Array, means: number): Promise<void>;
  /** Concatenates the bytes of all processes, equally many from each, on every process or only on rank 0. */
  gather(own: Uint8Array, all: Uint8Array, everywhere: boolean): Promise<void>;
  /** Waits for all processes, and ends the use of MPI. */
  finish(): Promise<void>;
  /** Ends all processes within a fraction of a second. */
  abort(code: number): void;
}

type Place = Pick<Communicator, "rank" | "size" | "localRank" | "localSize" | "host">;

interface Addon extends Pick<Communicator, "sum" | "gather" | "finish" | "abort"> {
  open(
    library: string,
    silenceSeconds: number,
    onSilence: (rank: number) => void,
  ): Promise<Place & { readonly version: string }>;
}

/**
 * Seconds without a sign of life after which a process counts as hung or its machine as lost; then all processes end within ten seconds.
 */
const longestSilence = 6;

/**
 * Connects this process with the others that its launcher started.
 *
 * @param onSilence called when another process hangs; all processes are ended a moment later
 * @throws RevganError `engine` when MPI is not installed, or reports another number of processes than were started
 */
export async function openMpi(
  { launcher, size }: Launch,
  onSilence: (rank: number) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Communicator> {
  const located = locateMpi(env);
  if (located === null)
    throw new RevganError(
      "engine",
      `${launcher} started ${size} processes, which need MPI to train together, and it is not installed`,
      "run `revgan engine install --mpi` on every machine, or start one process",
    );
  Object.assign(process.env, mpiEnvironment(process.env));
  const addon = requireFromHere(located.addon) as Addon;
  const { version: _, ...place } = await addon
    .open(located.library ?? "", longestSilence, onSilence)
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new RevganError("engine", `MPI does not start: ${why}`, "run `revgan engine install --mpi` again", {
        cause: error,
      });
    });
  const communicator = {
    ...place,
    sum: (values: Float32Array, means: number) => addon.sum(values, means),
    gather: (own: Uint8Array, all: Uint8Array, everywhere: boolean) => addon.gather(own, all, everywhere),
    finish: () => addon.finish(),
    abort: (code: number) => addon.abort(code),
  };
  if (place.size === size) return communicator;
  await communicator.finish();
  throw new RevganError(
    "engine",
    `${launcher} started ${size} processes, but ${located.name} sees ${place.size}: they do not belong together`,
    `use the mpiexec that belongs to it (see \`revgan engine status\`)${launcher === "srun" ? ", or another one of `srun --mpi=list`" : ""}`,
  );
}
