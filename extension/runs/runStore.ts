import { readdir, realpath, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { readSmallText, whyUnreadable } from "../disk/limitedRead";
import { RevganError } from "../protocol/errors";
import { parseLock, parseRun, type Run } from "../protocol/run";
import { Emitter } from "./emitter";

/** A run folder as it lies on disk. */
export interface StoredRun {
  /** The folder, absolute; names the run everywhere in the host. */
  readonly folder: string;
  readonly name: string;
  /** Null when `run.json` cannot be used; then `problem` says why. */
  readonly run: Run | null;
  readonly problem: RevganError | null;
  /** Some process trains it now. */
  readonly isLocked: boolean;
  readonly hasCheckpoint: boolean;
}

interface Entry {
  readonly stored: StoredRun;
  /** What the files were like when they were read. */
  readonly version: string;
}

/** The runs below some folders. Reads again only what has changed. */
export class RunStore {
  private entries = new Map<string, Entry>();
  /** Folders of single runs that lie elsewhere. */
  private readonly others = new Set<string>();
  private readonly changed = new Emitter<void>();
  private refreshing: Promise<void> | null = null;
  private again = false;

  /** Told after a refresh that found something new. */
  readonly onChange = this.changed.on;

  /** @param parents the folders whose subfolders are runs; those that do not exist have none */
  constructor(private readonly parents: () => readonly string[]) {}

  /** Newest first. */
  get runs(): readonly StoredRun[] {
    return [...this.entries.values()]
      .map(({ stored }) => stored)
      .sort((a, b) => (createdAt(a) < createdAt(b) ? 1 : -1));
  }

  get(folder: string): StoredRun | undefined {
    return this.entries.get(folder)?.stored;
  }

  /** Knows a run that lies elsewhere from now on. */
  async add(folder: string): Promise<void> {
    if (!this.parents().includes(dirname(folder))) this.others.add(folder);
    await this.refresh();
  }

  /** Looks at the disk; a call while another is under way looks once more after it. */
  async refresh(): Promise<void> {
    this.again = true;
    this.refreshing ??= this.refreshAll().finally(() => (this.refreshing = null));
    await this.refreshing;
  }

  private async refreshAll(): Promise<void> {
    while (this.again) {
      this.again = false;
      const before = this.entries;
      const entries = new Map<string, Entry>();
      for (const folder of await this.folders()) {
        const entry = await readEntry(folder, before.get(folder));
        if (entry !== null) entries.set(folder, entry);
      }
      this.entries = entries;
      const isNew =
        entries.size !== before.size || [...entries].some(([folder, entry]) => before.get(folder) !== entry);
      if (isNew) this.changed.fire();
    }
  }

  private async folders(): Promise<Set<string>> {
    const folders = new Set(this.others);
    for (const parent of this.parents()) {
      const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) if (entry.isDirectory()) folders.add(join(parent, entry.name));
    }
    return folders;
  }
}

function createdAt({ run, name }: StoredRun): string {
  return run?.createdAt ?? name;
}

/** @returns null for a folder that is no run; `before` when nothing has changed */
async function readEntry(folder: string, before: Entry | undefined): Promise<Entry | null> {
  const file = join(folder, "run.json");
  const [info, lock, checkpoints] = await Promise.all([
    stat(file).catch(() => null),
    readLock(folder),
    readdir(join(folder, "checkpoints")).catch(() => []),
  ]);
  if (info === null || !info.isFile()) return null;
  const isLocked = lock !== null;
  const hasCheckpoint = checkpoints.some((name) => /^\d{6,}$/.test(name));
  const version = [info.mtimeMs, info.size, isLocked, hasCheckpoint].join(" ");
  if (before?.version === version) return before;
  const name = basename(folder);
  try {
    const run = parseRun(JSON.parse(await readSmallText(file)), file);
    return { stored: { folder, name, run, problem: null, isLocked, hasCheckpoint }, version };
  } catch (error) {
    const why = error instanceof SyntaxError ? "is damaged: it is not JSON" : whyUnreadable(error);
    const problem =
      error instanceof RevganError
        ? error
        : new RevganError("run", `${file} ${why}`, "restore it from a copy, or delete this run");
    return { stored: { folder, name, run: null, problem, isLocked, hasCheckpoint }, version };
  }
}

/** Who trains a run: null when nobody does, also when the process that did is gone. */
export async function readLock(folder: string): Promise<{ readonly pid: number } | null> {
  const text = await readSmallText(join(folder, "lock")).catch(() => null);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const lock = parseLock(value);
  if (lock === undefined) return null;
  // Of another machine on a shared disk nothing can be asked; it is believed.
  return lock.host !== hostname() || isAlive(lock.pid) ? lock : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A folder's one true name, so that two ways to it are one run. */
export async function canonical(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}
