import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { explainEnd } from "../processes/processEnd";
import { runProcess } from "../processes/runProcess";
import { RevganError } from "../protocol/errors";

/** Milliseconds for which a busy controller may let its programs wait; longer where a job would be lost. */
const timeouts = { asking: 60_000, submitting: 300_000 };

/** The list of a large cluster's queue has a line for each job. */
const stdoutLimit = 4 * 2 ** 20;

/** Whether Slurm's programs are on the PATH. Starts none. */
export function hasSlurm(env: NodeJS.ProcessEnv = process.env): boolean {
  return (env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "sbatch")));
}

/** The job that this process runs in; `restart` counts how often it was requeued. Null outside of a job. */
export function ownJob(env: NodeJS.ProcessEnv): { readonly job: string; readonly restart: number } | null {
  const { SLURM_JOB_ID: job, SLURM_RESTART_COUNT: restart } = env;
  return job === undefined || !/^\d{1,15}$/.test(job) ? null : { job, restart: Number(restart ?? 0) || 0 };
}

/**
 * Runs one of Slurm's programs. Returns what it prints.
 * @throws RevganError `usage` where it is not on the PATH, or says no; the reason of `signal`
 */
export async function callSlurm(
  program: "sbatch" | "scancel" | "scontrol" | "sinfo" | "squeue",
  args: readonly string[],
  { cwd, signal }: { readonly cwd?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const timeoutMs = program === "sbatch" ? timeouts.submitting : timeouts.asking;
  const options = { timeoutMs, stdoutLimit, signal, ...(cwd !== undefined && { cwd }) };
  const end = await runProcess(program, args, options).catch((error: unknown) => {
    signal?.throwIfAborted();
    const remedy = "start RevGAN where Slurm is, such as on the login node of a cluster";
    throw new RevganError("usage", `${program} is not on the PATH`, remedy, { cause: error });
  });
  if (end.code === 0) return end.stdout;
  const how = end.timedOut ? `did not answer within ${timeoutMs / 1000} s` : explainEnd(end).words;
  throw new RevganError("usage", `${program} ${how}`, "see whether Slurm works in a terminal, or ask those who run it");
}

/** A part of a cluster to which jobs can be given. */
export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  /** The longest time of a job as Slurm writes it, `1-00:00:00`; null without a limit. */
  readonly timeLimit: string | null;
  readonly nodes: number;
  /** Of the smallest node. */
  readonly cores: number;
  readonly hasGpus: boolean;
}

/** The partitions that take jobs, the default one first. Errors as {@link callSlurm}. */
export async function listPartitions(signal?: AbortSignal): Promise<Partition[]> {
  const text = await callSlurm("sinfo", ["--noheader", "--format=%P|%a|%l|%D|%G|%c"], { signal });
  const partitions = new Map<string, Partition>();
  for (const line of text.split("\n")) {
    const [name = "", available, limit = "", nodes, generic = "", cores] = line.split("|");
    if (name === "" || available !== "up") continue;
    // Nodes that differ have a line each; `+` marks a minimum over several.
    const plain = name.replace(/\*$/, "");
    const before = partitions.get(plain);
    const own = Number.parseInt(cores ?? "", 10) || 1;
    partitions.set(plain, {
      name: plain,
      isDefault: name.endsWith("*"),
      timeLimit: limit === "infinite" || limit === "n/a" || limit === "" ? null : limit,
      nodes: (before?.nodes ?? 0) + (Number(nodes) || 0),
      cores: Math.min(before?.cores ?? own, own),
      hasGpus: before?.hasGpus === true || /\bgpu\b/i.test(generic),
    });
  }
  return [...partitions.values()].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
}

/** Submits a script, held, so that nothing of it runs before {@link releaseJob}. Returns the job's number. Errors as {@link callSlurm}. */
export async function submitHeld(
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<string> {
  const text = await callSlurm("sbatch", ["--parsable", "--hold", ...args], options);
  // With several clusters the cluster's name follows after a semicolon.
  return text.split("\n").at(-1)!.split(";")[0]!.trim();
}

/** Lets a held job wait for its turn. Errors as {@link callSlurm}. */
export async function releaseJob(job: string): Promise<void> {
  await callSlurm("scontrol", ["release", job]);
}

/** Removes a job that waits from the queue. One that has begun is left alone. Errors as {@link callSlurm}. */
export async function cancelWaiting(job: string): Promise<void> {
  await callSlurm("scancel", ["--state=PENDING", job]);
}

/** Asks the training of a running job to write a checkpoint and to end: by a signal to its steps. Errors as {@link callSlurm}. */
export async function interruptJob(job: string): Promise<void> {
  await callSlurm("scancel", ["--signal=TERM", job]);
}
