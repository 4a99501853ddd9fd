/** A process among those that a launcher of MPI started. */
export interface Launch {
  /** From 0. */
  readonly rank: number;
  readonly size: number;
  /** What started them, for messages. */
  readonly launcher: string;
}

/**
 * The variables that launchers set for each process. Slurm's are those of a job step: a batch script has SLURM_NTASKS and SLURM_PROCID,
 * too, though it is one process that no srun started.
 */
const launchers = [
  { launcher: "srun", rank: "SLURM_PROCID", size: "SLURM_STEP_NUM_TASKS" },
  { launcher: "mpiexec", rank: "PMI_RANK", size: "PMI_SIZE" },
  { launcher: "mpiexec", rank: "OMPI_COMM_WORLD_RANK", size: "OMPI_COMM_WORLD_SIZE" },
] as const;

/** How this process was started; null for one that is alone, for which MPI is not even loaded. */
export function launchOf(env: NodeJS.ProcessEnv): Launch | null {
  // An mpiexec inside a job step starts processes of its own, so what it says counts.
  for (const { launcher, rank, size } of launchers.toReversed()) {
    const [own, all] = [wholeNumber(env[rank]), wholeNumber(env[size])];
    if (own !== null && all !== null) return all > 1 ? { launcher, rank: own, size: all } : null;
  }
  return null;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
