import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { RevganError } from "../../protocol/errors";
import { parseLock, type LockContent } from "../../protocol/run";
import { writing } from "./diskErrors";
import { createExclusive, readIfThere, removeExactly } from "./exclusiveFile";

/** The right to train in a run folder, held until `release`. */
export interface Lock {
  readonly content: LockContent;
  /** Removes the lock, if it is still ours. May be called twice. */
  release(): Promise<void>;
}

/** Locks of this process, so that one left by an earlier process with the same id (usual in containers) counts as stale. */
const held = new Map<string, LockContent>();

/**
 * Takes the run's lock. One whose process is gone on this host is replaced; one of another host is not, for nobody can know.
 * @throws RevganError `locked`, naming the process, its host and since when; `disk`
 */
export async function acquireLock(run: string): Promise<Lock> {
  const file = join(resolve(run), "lock");
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
    const found = await readLock(file);
    if (found?.content !== undefined && !isStale(found.content, file)) throw lockedError(found.content, run, file);
    if (found !== undefined) await removeExactly(file, found.text);
    await wait(round * 20);
  }
  throw new RevganError("locked", `other processes are taking the lock of ${run}`, "wait until they have ended");
}

/** @returns who trains in the folder; undefined if nobody does, or if the process that did is gone */
export async function lockHolder(run: string): Promise<LockContent | undefined> {
  const file = join(resolve(run), "lock");
  const found = await readLock(file);
  return found?.content === undefined || isStale(found.content, file) ? undefined : found.content;
}

interface FoundLock {
  readonly text: string;
  /** Undefined if it is damaged. */
  readonly content: LockContent | undefined;
}

async function readLock(file: string): Promise<FoundLock | undefined> {
  // Where files cannot be linked, its owner needs a moment between creating and writing.
  for (let attempt = 0; ; attempt++) {
    const text = await readIfThere(file);
    if (text === undefined) return undefined;
    const content = parseLock(parseJson(text));
    if (content !== undefined || attempt === 10) return { text, content };
    await wait(50);
  }
}

function isStale({ host, pid, startedAt }: LockContent, file: string): boolean {
  if (host !== hostname()) return false;
  return pid === process.pid ? held.get(file)?.startedAt !== startedAt : !isAlive(pid);
}

function isAlive(pid: number): boolean {
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
