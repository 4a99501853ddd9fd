import { rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod/mini";
import { ownJob } from "../cluster/slurm";
import { jobStatus } from "../cluster/slurmJobs";
import { RevganError } from "../protocol/errors";
import { explainingDiskErrors } from "../files/diskErrors";
import { createExclusive, removeExactly } from "../files/exclusiveFile";
import { readIfThere, whyUnreadable } from "../files/limitedRead";
import { pathIn } from "./paths";
import { isoTimeSchema, jobSchema } from "./schemas";

const lockSchema = z.object({
  pid: z.int().check(z.gte(1), z.lte(2 ** 31)),
  host: z.string().check(z.minLength(1), z.maxLength(255)),
  startedAt: isoTimeSchema,
  /** The number of the Slurm job in which the process runs; `restart` is how often the job was requeued. Absent outside of Slurm. */
  job: z.optional(jobSchema),
  restart: z.optional(z.int().check(z.gte(0))),
});

/** The content of the file `lock`: the process that trains the run. */
export type LockContent = z.infer<typeof lockSchema>;

/** The exclusive right to train in a run folder, held until {@link release} is called. */
export interface Lock {
  readonly content: LockContent;
  /** Removes the lock if this process still holds it. May be called twice. */
  release(): Promise<void>;
}

/**
 * The locks that this process holds, by path. Lets {@link isStale} recognise a lock that an earlier process with the same id left behind,
 * as is usual in containers.
 */
const held = new Map<string, LockContent>();

/**
 * Minutes without a change of `updatedAt` in `run.json` after which a training process of another host counts as ended. A training sets
 * `updatedAt` at least once per {@link signOfLifeInterval}.
 */
const silentMinutes = 10;

/**
 * The most milliseconds between two changes of `updatedAt` in the `run.json` of a training, by which other hosts see that its process is
 * alive.
 */
export const signOfLifeInterval = 60_000;

/**
 * @param askSlurm returns the status of a job, null where Slurm does not answer
 * @returns the process that trains in the run folder; undefined if there is no lock, if the lock's process has ended, or if the lock is
 * damaged
 */
export async function lockHolder(run: string, askSlurm = jobStatus): Promise<LockContent | undefined> {
  const content = parseLock(await readIfThere(pathIn(resolve(run), "lock")).catch(() => undefined));
  return content === undefined || (await isStale(content, resolve(run), askSlurm)) ? undefined : content;
}

/** @throws RevganError `locked` while a process trains in the folder */
export async function requireUnlocked(run: string): Promise<void> {
  const holder = await lockHolder(run);
  if (holder !== undefined) throw lockedError(holder, run, pathIn(resolve(run), "lock"));
}

/**
 * Acquires the run's lock. A lock is stale, and replaced, if its process has ended or the file is damaged.
 * @throws RevganError `locked`, naming the process, its host and the time of its start; `disk`
 */
export async function acquireLock(run: string): Promise<Lock> {
  const file = pathIn(resolve(run), "lock");
  const own = held.get(file);
  if (own !== undefined) throw lockedError(own, run, file);
  const startedAt = new Date().toISOString();
  const content: LockContent = { pid: process.pid, host: hostname(), startedAt, ...ownJob(process.env) };
  held.set(file, content);
  try {
    const text = `${JSON.stringify(content)}\n`;
    await createLockFile(file, text, run);
    let released: Promise<void> | undefined;
    return { content, release: () => (released ??= release(file, text)) };
  } catch (error) {
    held.delete(file);
    throw error;
  }
}

async function createLockFile(file: string, text: string, run: string): Promise<void> {
  // A round acquires the lock, throws, or removes a stale lock. In the last case another process may create its lock before the next round,
  // so several rounds are tried.
  for (let round = 0; round < 10; round++) {
    if (await explainingDiskErrors(file, run, () => createExclusive(file, text))) return;
    const found = await readWritten(file);
    const content = parseLock(found);
    if (content !== undefined && !(await isStale(content, resolve(run)))) throw lockedError(content, run, file);
    if (found !== undefined) await removeExactly(file, found);
    await wait(round * 20);
  }
  throw new RevganError("locked", `other processes are taking the lock of ${run}`, "wait until they have ended");
}

/** The lock's text, read again after a moment if it is empty. @throws RevganError `locked` if it cannot be read */
async function readWritten(file: string): Promise<string | undefined> {
  // On file systems without hard links the owner creates the file first and writes it a moment later.
  for (let attempt = 0; ; attempt++) {
    const text = await readIfThere(file).catch((cause: unknown) => {
      throw new RevganError("locked", `${file} ${whyUnreadable(cause)}`, "delete it if nothing trains this run", {
        cause,
      });
    });
    if (text === undefined || parseLock(text) !== undefined || attempt === 10) return text;
    await wait(50);
  }
}

/** @returns undefined if the text is missing or is no lock */
function parseLock(text: string | undefined): LockContent | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text ?? "null")).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether the lock's process has ended, so that the lock may be replaced. The process may be on another host that shares the disk: if it
 * runs in a Slurm job, Slurm is asked; otherwise, or without an answer, it counts as ended when `run.json` has not changed for {@link
 * silentMinutes}.
 */
async function isStale(lock: LockContent, run: string, askSlurm = jobStatus): Promise<boolean> {
  const { host, pid, startedAt, job, restart = 0 } = lock;
  if (host === hostname())
    return pid === process.pid ? held.get(pathIn(run, "lock"))?.startedAt !== startedAt : !isAlive(pid);
  if (job !== undefined) {
    const own = ownJob(process.env);
    // Slurm requeues a job only after all of its processes have ended, so a process of an earlier restart is gone.
    if (own?.job === job) return own.restart > restart;
    const status = await askSlurm(job);
    // A requeued job that waits has no processes, either.
    if (status !== null) return status.state !== "running";
  }
  return isSilent(run);
}

/** Whether `run.json` was last updated more than {@link silentMinutes} ago; false where it has no readable `updatedAt`. */
async function isSilent(run: string): Promise<boolean> {
  try {
    const { updatedAt } = JSON.parse((await readIfThere(pathIn(run, "run"))) ?? "{}") as { updatedAt?: unknown };
    return Date.parse(String(updatedAt)) < Date.now() - silentMinutes * 60_000;
  } catch {
    return false;
  }
}

/** Whether a process of this host is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM means that the process is running, but belongs to another user.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * Whether a process has ended but is still listed, because its parent has not collected its exit status; in a container without an init
 * process it may stay listed for ever.
 */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    // Systems other than Linux have no such file.
    return false;
  }
}

async function release(file: string, text: string): Promise<void> {
  held.delete(file);
  if ((await readIfThere(file)) === text) await rm(file, { force: true });
}

function lockedError({ pid, host, startedAt }: LockContent, run: string, file: string): RevganError {
  const isHere = host === hostname();
  return new RevganError(
    "locked",
    `process ${pid} on ${host} has been training ${run} since ${startedAt}`,
    isHere ? "stop it first, or wait until it ends" : `stop it on ${host}; if it is gone, delete ${file}`,
  );
}
