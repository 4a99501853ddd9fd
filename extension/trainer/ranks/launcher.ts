/** The place of this process among those that an MPI launcher started. */
export interface Launch {
  /** This process's number, from 0. */
  readonly rank: number;
  readonly size: number;
  /** Name of the launcher, for messages. */
  readonly launcher: string;
}

/**
 * The variables that launchers set for each process. For Slurm they are those of a job step, because a batch script also has SLURM_NTASKS
 * and SLURM_PROCID, although it is a single process that no srun started.
 */
const launchers = [
  { launcher: "srun", rank: "SLURM_PROCID", size: "SLURM_STEP_NUM_TASKS" },
  { launcher: "mpiexec", rank: "PMI_RANK", size: "PMI_SIZE" },
  { launcher: "mpiexec", rank: "OMPI_COMM_WORLD_RANK", size: "OMPI_COMM_WORLD_SIZE" },
] as const;

/** How a launcher started this process; null for a process that runs alone, for which MPI is not even loaded. */
export function launchOf(env: NodeJS.ProcessEnv): Launch | null {
  // The variables of mpiexec take precedence, because an mpiexec inside a job step of Slurm starts processes of its own.
  for (const { launcher, rank, size } of launchers.toReversed()) {
    const [own, all] = [wholeNumber(env[rank]), wholeNumber(env[size])];
    if (own !== null && all !== null) return all > 1 ? { launcher, rank: own, size: all } : null;
  }
  return null;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
