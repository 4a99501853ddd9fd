import type { JobResources } from "../../cluster/jobScript";
import { shellWord } from "../../processes/shellWord";

/** The user's options for a job array. */
export interface SlurmOptions extends JobResources {
  /** The most tasks that run at a time; undefined for as many as Slurm starts. */
  readonly jobs: number | undefined;
}

/** A job array: a task for each trial. */
export interface JobArray {
  /** Indices of the trials. */
  readonly indices: readonly number[];
  /** Memory of a task in bytes. */
  readonly bytes: number;
  /** Absolute paths of Node, the command-line program and the sweep's file. */
  readonly node: string;
  readonly cli: string;
  readonly sweep: string;
}

/** Seconds before its time limit at which a task is signalled, so that it finishes its step and writes a checkpoint. */
const warning = 120;

/** The script of a job array, for `sbatch`. */
export function slurmScript(array: JobArray, options: SlurmOptions): string {
  const { indices, bytes, node, cli, sweep } = array;
  const { partition, time, gpus, cpus, jobs } = options;
  const directives = [
    "--job-name=revgan-sweep",
    `--array=${ranges(indices)}${jobs === undefined ? "" : `%${jobs}`}`,
    `--mem=${Math.ceil(bytes / 2 ** 20)}M`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(gpus === undefined || gpus === 0 ? [] : [`--gpus=${gpus}`]),
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    `--signal=B:INT@${warning}`,
  ];
  const words = [node, cli, "sweep", sweep].map(shellWord).join(" ");
  return `#!/bin/sh
# Written by \`revgan sweep --slurm\`: a task for each trial that was not finished, by its number.
# --mem is that of the largest trial: the peak of a step's tensors, which is counted exactly from the configuration, with what the
# engine's allocator keeps beyond it, and a fixed allowance for the processes.
# --signal stops a training ${warning} seconds before its time is over, with a checkpoint; \`revgan sweep --slurm\` then goes on.
${directives.map((directive) => `#SBATCH ${directive}`).join("\n")}
# exec: the signal reaches the command itself.
exec ${words} --only "$SLURM_ARRAY_TASK_ID"
`;
}

/** Ascending numbers in Slurm's notation: `0-2,5`. */
function ranges(indices: readonly number[]): string {
  const found: [from: number, to: number][] = [];
  for (const index of indices) {
    const last = found.at(-1);
    if (last !== undefined && index === last[1] + 1) last[1] = index;
    else found.push([index, index]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
