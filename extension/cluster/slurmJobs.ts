import { RevganError } from "../protocol/errors";
import { callSlurm } from "./slurm";

/** What Slurm says of a job. */
export interface JobStatus {
  /** `over` also for one that Slurm has forgotten. */
  readonly state: "waiting" | "running" | "over";
  /** Slurm's own word, such as `PENDING` or `TIMEOUT`; null for one that it has forgotten. */
  readonly word: string | null;
  /** Slurm's word for why it waits, such as `Resources`; null where it gives none. */
  readonly reason: string | null;
  readonly partition: string | null;
  /** Its place among those that wait in its partition, from 1; null for one that does not wait. */
  readonly place: number | null;
}

/** Milliseconds for which an answer is used again: a controller that is asked too often is slow for everybody. */
const answerLifetime = 10_000;

const forgotten: JobStatus = { state: "over", word: null, reason: null, partition: null, place: null };

const waitingWords = ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD"];
const endedWords = [
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED"],
  ...["REVOKED", "TIMEOUT"],
];

/** An answer, or null where Slurm does not answer here, and how long it is used. */
interface Answer {
  readonly status: Promise<JobStatus | null>;
  until: number;
}

/** Remembers for a while what Slurm says of jobs, and asks for those that are wanted at the same time at once. */
class SlurmJobs {
  private readonly answers = new Map<string, Answer>();
  /** Jobs to be asked for, and what will be said of them. */
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
    // What is forgotten does not come back.
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

/** A job may wait for several partitions; its place is that in the first of them. */
function partitionsOfWaiting({ state, partition }: JobStatus): string[] {
  return state === "waiting" && partition !== null ? partition.split(",").slice(0, 1) : [];
}

/** Null where squeue knows none of the jobs, which it calls an error when it is asked for one alone. */
async function linesOf(args: readonly string[]): Promise<string[] | null> {
  try {
    return (await callSlurm("squeue", ["--noheader", ...args])).split("\n").filter((line) => line !== "");
  } catch (error) {
    if (/invalid job id/i.test(String(error))) return null;
    throw error;
  }
}

const slurmJobs = new SlurmJobs();

/** What Slurm says of a job, as of the last ten seconds; null where it does not answer here. */
export function jobStatus(job: string): Promise<JobStatus | null> {
  return slurmJobs.status(job);
}

/** To be called when a job was changed: its status is asked for anew. */
export function jobChanged(job: string): void {
  slurmJobs.forget(job);
}

/** @throws RevganError `locked` while the job that is to train a run waits, or runs */
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

/** Why a job waits, in plain words; Slurm's own word where it is none of the usual ones. */
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
