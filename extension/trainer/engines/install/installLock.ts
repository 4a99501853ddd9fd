import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RevganError } from "../../../protocol/errors";
import { isAlive } from "../../../runFolder/lock";
import { asInstallDiskError, interrupted, systemCode } from "./installErrors";

/** Milliseconds between two touches of a lock by its holder; a lock untouched for `deadAfterMs` is stale, whichever host holds it. */
const heartbeatMs = 5_000;
const deadAfterMs = 60_000;

export interface LockOptions {
  /** Whether to wait for a living holder instead of failing at once. */
  wait: boolean;
  signal?: AbortSignal | undefined;
  /** Called once, before waiting, with a sentence for the user. */
  onNotice?: ((text: string) => void) | undefined;
  pollMs?: number;
}

export interface InstallLock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  host: string;
  startedAt: string;
}

/**
 * Lets only one installer at a time write to a cache. A second one waits, with a notice, and then uses the installed engine. A lock is
 * stale when its process has exited on this host, or when it was not touched for a minute (for other hosts of a shared home directory, and
 * for recycled process ids).
 * @throws RevganError `locked` when not told to wait, `interrupted`, `disk`
 */
export async function acquireInstallLock(path: string, options: LockOptions): Promise<InstallLock> {
  const mine = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    token: randomUUID(),
  });
  let isNoticed = false;
  for (;;) {
    if (options.signal?.aborted === true) throw interrupted();
    if (await createLock(path, mine)) return lockHeldAt(path, mine);
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (await isStale(path, holder)) {
      await takeAway(path, text);
      continue;
    }
    if (!options.wait) throw lockedBy(holder);
    if (!isNoticed) options.onNotice?.(`${describeHolder(holder)} is installing an engine: waiting for it to finish`);
    isNoticed = true;
    await delay(options.pollMs ?? 300, undefined, options.signal ? { signal: options.signal } : {}).catch(
      () => undefined,
    );
  }
}

async function createLock(path: string, content: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw asInstallDiskError(error, path);
  }
}

function lockHeldAt(path: string, mine: string): InstallLock {
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), heartbeatMs);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      if ((await readFile(path, "utf8").catch(() => null)) === mine) await rm(path, { force: true });
    },
  };
}

/**
 * The holder named in a lock file; null for an empty or incomplete file, whose writer was killed after creating it or is about to write.
 */
function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    if (typeof value.pid === "number" && typeof value.host === "string")
      return { pid: value.pid, host: value.host, startedAt: String(value.startedAt) };
  } catch {
    // The text is not JSON: isStale then decides by the file's age.
  }
  return null;
}

async function isStale(path: string, holder: Holder | null): Promise<boolean> {
  if (holder !== null && holder.host === hostname() && !isAlive(holder.pid)) return true;
  const age = await stat(path).then(
    (file) => Date.now() - file.mtimeMs,
    () => 0,
  );
  return age > (holder === null ? 2 * heartbeatMs : deadAfterMs);
}

/** Removes a stale lock by renaming it, which only one of several waiters can do. A lock that was renewed meanwhile is put back. */
async function takeAway(path: string, expected: string): Promise<void> {
  const aside = `${path}.${process.pid}-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const caught = await readFile(aside, "utf8").catch(() => expected);
  if (caught !== expected) await writeFile(path, caught, { flag: "wx" }).catch(() => undefined);
  await rm(aside, { force: true });
}

function describeHolder(holder: Holder | null): string {
  if (holder === null) return "another program";
  return holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`;
}

function lockedBy(holder: Holder | null): RevganError {
  return new RevganError(
    "locked",
    `${describeHolder(holder)} is installing an engine`,
    "wait until it has finished, then try again",
  );
}
