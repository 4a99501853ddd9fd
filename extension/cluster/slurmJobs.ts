import { RevganError } from "../protocol/errors";
import { callSlurm } from "./slurm";

/** The status of a job as Slurm reports it. */
export interface JobStatus {
  /** Also `over` for a job that Slurm no longer knows. */
  readonly state: "waiting" | "running" | "over";
  /** Slurm's own name of the state, such as `PENDING` or `TIMEOUT`; null for a job that Slurm no longer knows. */
  readonly word: string | null;
  /** Slurm's name of the reason for which the job waits, such as `Resources`; null where Slurm gives none. */
  readonly reason: string | null;
  readonly partition: string | null;
  /** The position among the waiting jobs of its partition, from 1; null for a job that does not wait. */
  readonly place: number | null;
}

/** Milliseconds for which an answer is reused: frequent queries make Slurm's controller slow for all users. */
const answerLifetime = 10_000;

const forgotten: JobStatus = { state: "over", word: null, reason: null, partition: null, place: null };

const waitingWords = ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD"];
const endedWords = [
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED"],
  ...["REVOKED", "TIMEOUT"],
];

/** A cached status, and until when (by `performance.now()`) it is used. The status is null where Slurm does not answer on this machine. */
interface Answer {
  readonly status: Promise<JobStatus | null>;
  until: number;
}

/**
 * Caches the status of jobs for {@link answerLifetime}, and queries all jobs that are requested in the same turn of the event loop
 * together.
 */
class SlurmJobs {
  private readonly answers = new Map<string, Answer>();
  /** The jobs of the next query, and the promise of its result; null while no query is planned. */
  private next: { readonly jobs: string[]; readonly said: Promise<ReadonlyMap<string, JobStatus> | null> } | null =
    null;

  status(job: string): Promise<JobStatus | null> {
    const known = this.answers.get(job);
    if (known !== undefined && performance.now() < known.until) return known.status;
    this.next ??= this.batch();
    this.next.jobs.push(job);
    const status = this.next.said.then((said) => (said === null ? null : (said.get(job) ?? forgotten)));
    const answer: Answer = { status, until: performance.now() + answerLifetime };
    this.answers.set(job, answer);
    // A job that Slurm no longer knows stays unknown, so this answer is used for ever.
    void status.then((found) => {
      if (found === forgotten) answer.until = Infinity;
    });
    return status;
  }

  forget(job: string): void {
    this.answers.delete(job);
  }

  private batch(): NonNullable<SlurmJobs["next"]> {
    const jobs: string[] = [];
    const said = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.next = null;
      return ask(jobs).catch(() => null);
    });
    return { jobs, said };
  }
}

async function ask(jobs: readonly string[]): Promise<ReadonlyMap<string, JobStatus>> {
  const found = new Map<string, JobStatus>();
  for (const line of (await linesOf(["--states=all", `--jobs=${jobs.join(",")}`, "--format=%A|%T|%r|%P"])) ?? []) {
    const [id = "", word = "", reason = "", partition = ""] = line.split("|");
    const state = waitingWords.includes(word) ? "waiting" : endedWords.includes(word) ? "over" : "running";
    found.set(id, { state, word, reason: reason === "None" ? null : reason, partition, place: null });
  }
  for (const partition of new Set([...found.values()].flatMap((job) => partitionsOfWaiting(job)))) {
    const waiting = await linesOf(["--states=PENDING", `--partition=${partition}`, "--sort=-p,i", "--format=%A"]);
    for (const [id, status] of found) {
      const place = (waiting ?? []).indexOf(id);
      if (place >= 0 && status.place === null) found.set(id, { ...status, place: place + 1 });
    }
  }
  return found;
}

/** The partition in which a waiting job's place is counted: the first one, if the job waits for several. Empty for other jobs. */
function partitionsOfWaiting({ state, partition }: JobStatus): string[] {
  return state === "waiting" && partition !== null ? partition.split(",").slice(0, 1) : [];
}

/**
 * The lines that squeue prints; null where it does not know the job. Asked for a single unknown job, squeue fails with "invalid job id".
 */
async function linesOf(args: readonly string[]): Promise<string[] | null> {
  try {
    return (await callSlurm("squeue", ["--noheader", ...args])).split("\n").filter((line) => line !== "");
  } catch (error) {
    if (/invalid job id/i.test(String(error))) return null;
    throw error;
  }
}

const slurmJobs = new SlurmJobs();

/** The status of a job, at most ten seconds old; null where Slurm does not answer on this machine. */
export function jobStatus(job: string): Promise<JobStatus | null> {
  return slurmJobs.status(job);
}

/** Must be called after a job was changed, so that its status is queried again. */
export function jobChanged(job: string): void {
  slurmJobs.forget(job);
}

/** @throws RevganError `locked` while the job that trains the run waits or is running */
export async function requireNoJob(run: string, job: string): Promise<void> {
  jobChanged(job);
  const status = await jobStatus(job);
  if (status === null || status.state === "over") return;
  const what = status.state === "waiting" ? "waits in Slurm's queue" : "is being trained";
  throw new RevganError(
    "locked",
    `${run} ${what} as job ${job}`,
    status.state === "waiting" ? `take it out first: scancel ${job}` : `end it first: scancel --signal=TERM ${job}`,
  );
}

/** The reason for which a job waits, in plain words; Slurm's own name for reasons that are not in {@link usualReasons}. */
export function reasonText(reason: string): string {
  return usualReasons[reason] ?? reason;
}

const usualReasons: Readonly<Record<string, string>> = {
  Priority: "others come first",
  Resources: "waits for free resources",
  BeginTime: "begins in a few minutes",
  Dependency: "waits for another job",
  JobHeldUser: "is held; `scontrol release` lets it go on",
  JobHeldAdmin: "is held by those who run the cluster",
  PartitionTimeLimit: "asks for more time than the partition allows",
  PartitionNodeLimit: "asks for more nodes than the partition has",
  PartitionDown: "its partition is closed",
  PartitionInactive: "its partition is closed",
  ReqNodeNotAvail: "the nodes that it needs are not available",
  Licenses: "waits for a licence",
  QOSMaxJobsPerUserLimit: "waits for your other jobs",
  AssocMaxJobsLimit: "waits for your group's other jobs",
};
