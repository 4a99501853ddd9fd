import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod/mini";
import { RevganError } from "../protocol/errors";
import { writing } from "../files/diskErrors";
import { createExclusive, removeExactly } from "../files/exclusiveFile";
import { readIfThere, whyUnreadable } from "../files/limitedRead";
import { pathIn } from "./paths";
import { isoTimeSchema } from "./schemas";

const lockSchema = z.object({
  pid: z.int().check(z.gte(1), z.lte(2 ** 31)),
  host: z.string().check(z.minLength(1), z.maxLength(255)),
  startedAt: isoTimeSchema,
});

/** `lock`: who trains. */
export type LockContent = z.infer<typeof lockSchema>;

/** The right to train in a run folder, held until `release`. */
export interface Lock {
  readonly content: LockContent;
  /** Removes the lock, if it is still ours. May be called twice. */
  release(): Promise<void>;
}

/** Locks of this process, so that one left by an earlier process with the same id (usual in containers) counts as stale. */
const held = new Map<string, LockContent>();

/** @returns who trains in the folder; undefined if nobody does, if the process that did is gone, and for a lock that is damaged */
export async function lockHolder(run: string): Promise<LockContent | undefined> {
  const file = pathIn(resolve(run), "lock");
  const content = parseLock(await readIfThere(file).catch(() => undefined));
  return content === undefined || isStale(content, file) ? undefined : content;
}

/**
 * Takes the run's lock. One whose process is gone on this host is replaced, and so is a damaged one; one of another host is not, for
 * nobody can know.
 * @throws RevganError `locked`, naming the process, its host and since when; `disk`
 */
export async function acquireLock(run: string): Promise<Lock> {
  const file = pathIn(resolve(run), "lock");
  const own = held.get(file);
  if (own !== undefined) throw lockedError(own, run, file);
  const content: LockContent = { pid: process.pid, host: hostname(), startedAt: new Date().toISOString() };
  held.set(file, content);
  try {
    const text = `${JSON.stringify(content)}\n`;
    await create(file, text, run);
    let released: Promise<void> | undefined;
    return { content, release: () => (released ??= release(file, text)) };
  } catch (error) {
    held.delete(file);
    throw error;
  }
}

async function create(file: string, text: string, run: string): Promise<void> {
  // Each failed round throws or finds a stale lock that is removed now; other processes may be faster a few times.
  for (let round = 0; round < 10; round++) {
    if (await writing(file, run, () => createExclusive(file, text))) return;
    const found = await readWritten(file);
    const content = parseLock(found);
    if (content !== undefined && !isStale(content, file)) throw lockedError(content, run, file);
    if (found !== undefined) await removeExactly(file, found);
    await wait(round * 20);
  }
  throw new RevganError("locked", `other processes are taking the lock of ${run}`, "wait until they have ended");
}

/** The text of a lock that its owner has had the time to write. @throws RevganError `locked` for one that cannot be read */
async function readWritten(file: string): Promise<string | undefined> {
  // Where files cannot be linked, its owner needs a moment between creating and writing.
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

/** @returns undefined for no text, and for one that is no lock */
function parseLock(text: string | undefined): LockContent | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text ?? "null")).data;
  } catch {
    return undefined;
  }
}

/** Of another host on a shared disk nothing can be asked; its lock is believed. */
function isStale({ host, pid, startedAt }: LockContent, file: string): boolean {
  if (host !== hostname()) return false;
  return pid === process.pid ? held.get(file)?.startedAt !== startedAt : !isAlive(pid);
}

/** Whether a process of this host lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
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
