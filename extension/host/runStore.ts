import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { jobStatus } from "../cluster/slurmJobs";
import { RevganError } from "../protocol/errors";
import { listCheckpoints } from "../runFolder/checkpointFolders";
import { subfolders } from "../runFolder/foldersOfRuns";
import { lockHolder } from "../runFolder/lock";
import { pathIn } from "../runFolder/paths";
import { readRun, type Run } from "../runFolder/runFile";
import type { RunEvaluation } from "../protocol/panel";
import { type AskSlurm, type ClusterJob, clusterJobOf } from "./clusterJob";
import { Emitter } from "./emitter";
import { type StoredEvaluations, storedEvaluations } from "../runFolder/runEvaluations";

/** A run folder on disk. */
export interface StoredRun {
  /** Absolute path; the run's id everywhere in the host. */
  readonly folder: string;
  /** The name of the folder; for the example run, the name in its `run.json`. */
  readonly name: string;
  /** The folder of runs that contains this run, for example that of a sweep; null for a run directly in a parent folder. */
  readonly group: string | null;
  /** Whether this is the example run that comes with the extension. The user's own runs are listed before it. */
  readonly isExample: boolean;
  /** Null when `run.json` cannot be used; then `problem` says why. */
  readonly run: Run | null;
  readonly problem: RevganError | null;
  /** Whether a process is training the run. */
  readonly isLocked: boolean;
  /** Null for a run that is finished, or was not submitted to a cluster. */
  readonly job: ClusterJob | null;
  readonly hasCheckpoint: boolean;
  /** A new array whenever the evaluations' files have changed, so that a comparison by identity shows a change. */
  readonly evaluations: readonly RunEvaluation[];
}

interface Entry {
  readonly stored: StoredRun;
  readonly evaluations: StoredEvaluations;
  /** Sizes, times and lock of the files when they were read. */
  readonly version: string;
}

/** Owns the content that was read from the run folders on disk. A refresh reads only the folders that have changed. */
export class RunStore {
  private entries = new Map<string, Entry>();
  /** Run folders outside of the parent folders, added by {@link add}. */
  private readonly others = new Set<string>();
  /** Folders of runs outside of the parent folders, added by {@link addGroup}. */
  private readonly otherGroups = new Set<string>();
  private readonly changed = new Emitter<void>();
  private refreshing: Promise<void> | null = null;
  private again = false;

  /** Called after a refresh that found a change. */
  readonly onChange = this.changed.on;

  /**
   * @param parents returns the folders whose subfolders are runs or folders of runs; they need not exist
   * @param example returns the folder of the example; null where it is not to be listed
   * @param askSlurm queries the status of the jobs of runs that are not finished
   */
  constructor(
    private readonly parents: () => readonly string[],
    private readonly example: () => string | null = () => null,
    private readonly askSlurm: AskSlurm = jobStatus,
  ) {}

  /** All runs, newest first; the example last. */
  get runs(): readonly StoredRun[] {
    return [...this.entries.values()]
      .map(({ stored }) => stored)
      .sort((a, b) => Number(a.isExample) - Number(b.isExample) || (createdAt(a) < createdAt(b) ? 1 : -1));
  }

  get(folder: string): StoredRun | undefined {
    return this.entries.get(folder)?.stored;
  }

  /** Adds a run folder outside of the parents. */
  async add(folder: string): Promise<void> {
    if (!this.parents().includes(dirname(folder))) this.others.add(folder);
    await this.refresh();
  }

  /** Adds a folder of runs outside of the parents. */
  async addGroup(folder: string): Promise<void> {
    const parents = this.parents();
    if (!parents.includes(folder) && !parents.includes(dirname(folder))) this.otherGroups.add(folder);
    await this.refresh();
  }

  /** The run folders and folders of runs that were added from outside of the parent folders. */
  get addedFolders(): readonly string[] {
    return [...this.others, ...this.otherGroups];
  }

  /** Reads the folders that have changed. A call during a refresh causes one more refresh after it, so that no change is missed. */
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
      const read = async (folder: string, place: Partial<Place> = {}): Promise<boolean> => {
        const found = { group: null, isExample: false, ...place };
        const entry = await readEntry(folder, before.get(folder), found, this.askSlurm);
        if (entry !== null) entries.set(folder, entry);
        return entry !== null;
      };
      const readGroup = async (group: string): Promise<void> => {
        await Promise.all((await subfolders(group)).map((folder) => read(folder, { group })));
      };
      for (const folder of this.others) await read(folder);
      for (const group of this.otherGroups) await readGroup(group);
      for (const parent of this.parents())
        for (const folder of await subfolders(parent)) if (!(await read(folder))) await readGroup(folder);
      const example = this.example();
      if (example !== null) await read(example, { isExample: true });
      this.entries = entries;
      const isNew =
        entries.size !== before.size || [...entries].some(([folder, entry]) => before.get(folder) !== entry);
      if (isNew) this.changed.fire();
    }
  }
}

function createdAt({ run, name }: StoredRun): string {
  return run?.createdAt ?? name;
}

/** How a run was found: in which folder of runs, and whether as the example. */
type Place = Pick<StoredRun, "group" | "isExample">;

/**
 * Reads a run folder. @param before the entry of an earlier read. @returns null for a folder that is no run; `before` itself when nothing
 * has changed
 */
async function readEntry(
  folder: string,
  before: Entry | undefined,
  place: Place,
  askSlurm: AskSlurm,
): Promise<Entry | null> {
  const [info, holder, checkpoints, evaluations] = await Promise.all([
    stat(pathIn(folder, "run")).catch(() => null),
    lockHolder(folder, askSlurm),
    listCheckpoints(folder).catch(() => []),
    storedEvaluations(folder, before?.evaluations),
  ]);
  if (info === null || !info.isFile()) return null;
  const [isLocked, hasCheckpoint] = [holder !== undefined, checkpoints.length > 0];
  const version = [info.mtimeMs, info.size, isLocked, hasCheckpoint, evaluations.version, place.group].join(" ");
  const isSame = before?.version === version;
  const { run, problem } = isSame ? before.stored : await readRunOrProblem(folder);
  const job = run === null ? null : await clusterJobOf(folder, run, askSlurm);
  if (isSame && isDeepStrictEqual(job, before.stored.job)) return before;
  const name = place.isExample && run !== null ? run.name : basename(folder);
  const { all } = evaluations;
  return {
    stored: { folder, name, ...place, run, problem, isLocked, job, hasCheckpoint, evaluations: all },
    evaluations,
    version,
  };
}

async function readRunOrProblem(folder: string): Promise<Pick<StoredRun, "run" | "problem">> {
  try {
    return { run: await readRun(folder), problem: null };
  } catch (error) {
    if (error instanceof RevganError) return { run: null, problem: error };
    throw error;
  }
}
