import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { explainEnd } from "../processes/processEnd";
import { runProcess } from "../processes/runProcess";
import { RevganError } from "../protocol/errors";

/**
 * Milliseconds after which a call of Slurm's programs is given up, since a busy controller answers slowly. Longer for submitting, where
 * giving up could lose track of a submitted job.
 */
const timeouts = { asking: 60_000, submitting: 300_000 };

/** The most characters read from Slurm's programs: the queue of a large cluster has a line for each job. */
const stdoutLimit = 4 * 2 ** 20;

/** Whether Slurm's programs are on the PATH, without starting one. */
export function hasSlurm(env: NodeJS.ProcessEnv = process.env): boolean {
  return (env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "sbatch")));
}

/** The Slurm job in which this process runs; `restart` is how often the job was requeued. Null outside of a job. */
export function ownJob(env: NodeJS.ProcessEnv): { readonly job: string; readonly restart: number } | null {
  const { SLURM_JOB_ID: job, SLURM_RESTART_COUNT: restart } = env;
  return job === undefined || !/^\d{1,15}$/.test(job) ? null : { job, restart: Number(restart ?? 0) || 0 };
}

/**
 * Runs one of Slurm's programs and returns its stdout.
 * @throws RevganError `usage` where the program is not on the PATH, fails or does not answer in time; the reason of `signal` when it is
 * aborted
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

/** A partition of a Slurm cluster. */
export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  /** The longest time that a job may take, as Slurm writes it (`1-00:00:00` is one day); null without a limit. */
  readonly timeLimit: string | null;
  readonly nodes: number;
  /** Number of cores of the smallest node. */
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
    // sinfo prints a line for each group of equal nodes, and `*` after the default partition's name; `+` after a number marks a minimum
    // over several nodes.
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

/**
 * Submits a script as a held job, which does not start before {@link releaseJob}. Returns the job's number. Throws as {@link callSlurm}.
 */
export async function submitHeld(
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<string> {
  const text = await callSlurm("sbatch", ["--parsable", "--hold", ...args], options);
  // In a setup of several clusters, sbatch prints the cluster's name after a semicolon.
  return text.split("\n").at(-1)!.split(";")[0]!.trim();
}

/** Releases a held job, which then waits in the queue. Throws as {@link callSlurm}. */
export async function releaseJob(job: string): Promise<void> {
  await callSlurm("scontrol", ["release", job]);
}

/** Removes a waiting job from the queue. Does nothing to a job that has begun. Throws as {@link callSlurm}. */
export async function cancelWaiting(job: string): Promise<void> {
  await callSlurm("scancel", ["--state=PENDING", job]);
}

/** Sends SIGTERM to the job steps of a running job, at which its training writes a checkpoint and ends. Throws as {@link callSlurm}. */
export async function interruptJob(job: string): Promise<void> {
  await callSlurm("scancel", ["--signal=TERM", job]);
}
