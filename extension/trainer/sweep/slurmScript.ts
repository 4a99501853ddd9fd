import type { Config } from "../../configuration/config";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { requiredCase } from "../memoryTheory/memoryBudget";
import { residentPerPeak } from "../planning/rates";
import { shellWord } from "../shellWord";
import { engineOf } from "./checkedTrials";

/** What of a job array the user says. */
export interface SlurmOptions {
  readonly partition: string | undefined;
  /** `HH:MM:SS`. */
  readonly time: string | undefined;
  readonly gpus: number | undefined;
  readonly cpus: number | undefined;
  /** At most so many tasks at a time; undefined for as many as Slurm starts. */
  readonly jobs: number | undefined;
}

/** A job array: a task for each trial. */
export interface JobArray {
  /** Of the trials. */
  readonly indices: readonly number[];
  /** Of a task. */
  readonly bytes: number;
  /** Absolute paths. */
  readonly node: string;
  readonly cli: string;
  readonly sweep: string;
}

/**
 * Bytes of a task beside its tensors: the command, its training with an idle engine, and the process that decodes the pictures. These
 * took 420 MiB with TensorFlow on two cores and small pictures; the rest is for large pictures and more threads. That CUDA's libraries
 * take no more than the difference was not measured.
 */
const allowance = { cpu: 2 * 2 ** 30, gpu: 6 * 2 ** 30 };

/** Seconds before the end of its time in which a task finishes its step and writes a checkpoint. */
const warning = 120;

/**
 * The memory that the largest of these trainings takes, in bytes: the exact peak of its step's tensors by {@link MemoryTheory}, with what
 * the engine's allocator keeps beyond that, and an allowance for the processes.
 * @throws RevganError `config` for pictures of no fixed size, whose memory cannot be known
 */
export function taskBytes(configs: readonly Config[], onGpu: boolean): number {
  // A peak is computed once for all trials that differ in their seeds or their pictures alone.
  const known = new Map<string, number>();
  const bytesOf = (config: Config): number => {
    const engine = engineOf(config);
    const key = JSON.stringify({ ...config, data: config.data.cropSize, training: { ...config.training, seed: 0 } });
    const bytes = known.get(key) ?? peakOf(config, engine) * residentPerPeak[engine === "wasm" ? "wasm" : "native"];
    known.set(key, bytes);
    return bytes;
  };
  return Math.ceil(Math.max(...configs.map(bytesOf))) + (onGpu ? allowance.gpu : allowance.cpu);
}

function peakOf(config: Config, engine: string): number {
  const theory = new MemoryTheory(config, engine);
  return theory.at(requiredCase(theory, config.network)).peak;
}

/** The script of a job array, which `sbatch` takes. */
export function slurmScript(array: JobArray, options: SlurmOptions): string {
  const { indices, bytes, node, cli, sweep } = array;
  const { partition, time, gpus, cpus, jobs } = options;
  const directives = [
    "--job-name=revgan-sweep",
    `--array=${ranges(indices)}${jobs === undefined ? "" : `%${jobs}`}`,
    `--mem=${Math.ceil(bytes / 2 ** 20)}M`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(gpus === undefined ? [] : [`--gpus=${gpus}`]),
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

/** Ascending numbers as Slurm takes them: `0-2,5`. */
function ranges(indices: readonly number[]): string {
  const found: [from: number, to: number][] = [];
  for (const index of indices) {
    const last = found.at(-1);
    if (last !== undefined && index === last[1] + 1) last[1] = index;
    else found.push([index, index]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
