import { open } from "node:fs/promises";
import { join } from "node:path";
import { cancelWaiting, interruptJob } from "../cluster/slurm";
import { jobChanged, type JobStatus, jobStatus, reasonText } from "../cluster/slurmJobs";
import { lockHolder } from "../runFolder/lock";
import { readRun, type Run, writeRun } from "../runFolder/runFile";

/** Asks Slurm for the status of a job; null where Slurm does not answer or must not be asked. */
export type AskSlurm = (job: string) => Promise<JobStatus | null>;

/** The Slurm job that trains a run, or has trained it. */
export interface ClusterJob {
  readonly id: string;
  /** Null where Slurm does not answer on this machine. */
  readonly status: JobStatus | null;
  /** The most informative of the last lines of the job's output; null while the job is not over, and where there is no output. */
  readonly lastLine: string | null;
}

/** Bytes at the end of a job's output in which its {@link ClusterJob.lastLine} is searched. */
const tail = 16 * 1024;

/** Milliseconds between two looks at a job that is being stopped. */
const lookInterval = 500;

/** Seconds to wait for a job that is being stopped to write its checkpoint and end. */
const stopTimeout = 120;

/** The cluster job of a run that is not finished; null where it was not submitted to a cluster. */
export async function clusterJobOf(folder: string, run: Run, askSlurm: AskSlurm): Promise<ClusterJob | null> {
  if (run.cluster === undefined || run.state === "finished") return null;
  const { job: id } = run.cluster;
  const status = await askSlurm(id);
  return { id, status, lastLine: status?.state === "over" ? await lastLineOf(join(folder, outputOf(id))) : null };
}

/** The name of the file in the run's folder to which Slurm writes the job's output. */
function outputOf(job: string): string {
  return `slurm-${job}.out`;
}

/** The line for {@link ClusterJob.lastLine}; null where the file is missing or unreadable. */
async function lastLineOf(file: string): Promise<string | null> {
  const handle = await open(file, "r").catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(tail), 0, tail, Math.max(0, size - tail));
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    // Prefers an error line over the last line, because Slurm's own last lines name the step and the signal, but seldom the reason.
    const telling = lines.findLast((line) => /^revgan: |error: (?!.*(STEP|task))|not found|killed/i.test(line));
    const last = telling ?? lines.findLast((line) => line.trim() !== "");
    // Of an error line of `revgan` keeps the message and drops the remedy, which is written for a terminal.
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

/** A waiting job's place in the queue, id, partition and reason to wait. The place comes first, because narrow views cut off the end. */
export function queueNote(job: ClusterJob): string {
  const { place = null, reason = null } = job.status ?? {};
  const where = `${place === null ? "" : `place ${place}, `}${jobNote(job)}`;
  return reason === null ? where : `${where}: ${reasonText(reason)}`;
}

/** The job's id and, if known, its partition. */
export function jobNote({ id, status }: ClusterJob): string {
  return status?.partition == null ? `job ${id}` : `job ${id} in ${status.partition}`;
}

/** Message and remedy for a run whose job ended before the training was finished. */
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
 * Stops a job: cancels it if it still waits, else has its training write a checkpoint and end. Returns when the job is over, at the latest
 * after {@link stopTimeout}.
 * @throws RevganError `usage` where Slurm refuses; the reason of `signal` when it is aborted
 */
export async function stopJob(folder: string, { id }: Pick<ClusterJob, "id">, signal: AbortSignal): Promise<void> {
  let isAsked = false;
  for (let waited = 0; waited < stopTimeout * 1000; waited += lookInterval) {
    signal.throwIfAborted();
    jobChanged(id);
    const status = await jobStatus(id);
    if (status === null || status.state === "over") break;
    if (status.state === "waiting") await cancelWaiting(id);
    // The signal is sent only once the training holds the run's lock: a job that has just begun may not have started it yet, and the signal
    // would be lost.
    else if (!isAsked && (await lockHolder(folder)) !== undefined) {
      await interruptJob(id);
      isAsked = true;
    }
    await new Promise((resolve) => setTimeout(resolve, lookInterval));
  }
  jobChanged(id);
  await recordStopped(folder);
}

/** Sets the state of a run to `stopped` where its job was cancelled before it began; `run.json` would say `queued` for ever. */
async function recordStopped(folder: string): Promise<void> {
  const run = await readRun(folder);
  if (run.state === "queued" && (await lockHolder(folder)) === undefined)
    await writeRun(folder, { ...run, state: "stopped", updatedAt: new Date().toISOString() });
}
