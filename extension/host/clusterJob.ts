import { open } from "node:fs/promises";
import { join } from "node:path";
import { cancelWaiting, interruptJob } from "../cluster/slurm";
import { jobChanged, type JobStatus, jobStatus, reasonText } from "../cluster/slurmJobs";
import { lockHolder } from "../runFolder/lock";
import { readRun, type Run, writeRun } from "../runFolder/runFile";

/** Asks how a job is; null where Slurm does not answer, or is not to be asked. */
export type AskSlurm = (job: string) => Promise<JobStatus | null>;

/** The job that trains a run, or has trained it. */
export interface ClusterJob {
  readonly id: string;
  /** Null where Slurm does not answer here. */
  readonly status: JobStatus | null;
  /** What it said last; null while it is not over. */
  readonly lastLine: string | null;
}

/** Bytes at the end of a job's output in which its last words are looked for. */
const tail = 16 * 1024;

/** Milliseconds between two looks at a job that is being stopped. */
const lookInterval = 500;

/** Seconds that a job gets to write its checkpoint and to end. */
const stopTimeout = 120;

/** The job of a run that has not reached its end; null without one. */
export async function clusterJobOf(folder: string, run: Run, askSlurm: AskSlurm): Promise<ClusterJob | null> {
  if (run.cluster === undefined || run.state === "finished") return null;
  const { job: id } = run.cluster;
  const status = await askSlurm(id);
  return { id, status, lastLine: status?.state === "over" ? await lastLineOf(join(folder, outputOf(id))) : null };
}

/** The name of a job's output in its run's folder. */
function outputOf(job: string): string {
  return `slurm-${job}.out`;
}

/** Null where there is none. */
async function lastLineOf(file: string): Promise<string | null> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tail), 0, tail, Math.max(0, size - tail));
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    // Slurm's own last lines name the step and the signal, less often the reason.
    const telling = lines.findLast((line) => /^revgan: |error: (?!.*(STEP|task))|not found|killed/i.test(line));
    const last = telling ?? lines.findLast((line) => line.trim() !== "");
    // Of ours what happened, without what to do in a terminal.
    return (
      last
        ?.replace(/^revgan: (.*); .*$/, "$1")
        .trim()
        .slice(0, 300) ?? null
    );
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Where a job waits, and why: what is first is seen where there is little room. */
export function queueNote(job: ClusterJob): string {
  const { place = null, reason = null } = job.status ?? {};
  const where = `${place === null ? "" : `place ${place}, `}${jobNote(job)}`;
  return reason === null ? where : `${where}: ${reasonText(reason)}`;
}

/** Which job it is, and on which part of the cluster. */
export function jobNote({ id, status }: ClusterJob): string {
  return status?.partition == null ? `job ${id}` : `job ${id} in ${status.partition}`;
}

/** Why a run whose job is over has not reached its end, and what to do. */
export function endOfJob(
  { id, status, lastLine }: ClusterJob,
  hasCheckpoint: boolean,
): Record<"message" | "remedy", string> {
  const why = endings[status?.word ?? ""];
  const words = [why === undefined ? "" : `, because ${why}`, lastLine === null ? "" : `: ${lastLine}`].join("");
  const goesOn = hasCheckpoint ? "resume it: it goes on from its checkpoint" : "correct it, and resume it";
  const remedy =
    status?.word === "OUT_OF_MEMORY" ? `raise --mem-per-cpu in the run's slurm.sh, then ${goesOn}` : goesOn;
  return {
    message: `job ${id} ended before the training was done${words}`,
    remedy: `${remedy}; ${outputOf(id)} in the run's folder says more`,
  };
}

const endings: Readonly<Record<string, string>> = {
  TIMEOUT: "its time was over",
  OUT_OF_MEMORY: "it took more memory than it had asked for",
  NODE_FAIL: "its node failed",
  BOOT_FAIL: "its node did not start",
  CANCELLED: "it was cancelled",
  PREEMPTED: "another job took its place",
  DEADLINE: "it could not end in time",
};

/**
 * Stops a job: takes it out of the queue, or has its training write a checkpoint and end. Returns when it is over.
 * @throws RevganError `usage` where Slurm refuses; the reason of `signal`
 */
export async function stopJob(folder: string, { id }: Pick<ClusterJob, "id">, signal: AbortSignal): Promise<void> {
  let isAsked = false;
  for (let waited = 0; waited < stopTimeout * 1000; waited += lookInterval) {
    signal.throwIfAborted();
    jobChanged(id);
    const status = await jobStatus(id);
    if (status === null || status.state === "over") break;
    if (status.state === "waiting") await cancelWaiting(id);
    // A job that has only just begun may not have a training yet, which would not hear a signal.
    else if (!isAsked && (await lockHolder(folder)) !== undefined) {
      await interruptJob(id);
      isAsked = true;
    }
    await new Promise((resolve) => setTimeout(resolve, lookInterval));
  }
  jobChanged(id);
  await recordStopped(folder);
}

/** A job that never began leaves its run as it was submitted. */
async function recordStopped(folder: string): Promise<void> {
  const run = await readRun(folder);
  if (run.state === "queued" && (await lockHolder(folder)) === undefined)
    await writeRun(folder, { ...run, state: "stopped", updatedAt: new Date().toISOString() });
}
