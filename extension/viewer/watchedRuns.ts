import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { RevganError } from "../protocol/errors";
import { MeasuredMemory } from "../runs/measuredMemory";
import { Runs } from "../runs/runs";
import { canonical, RunStore } from "../runs/runStore";
import type { ViewRequest } from "./viewerProtocol";

/** The runs that a server shows. */
export interface WatchedRuns {
  readonly runs: Runs;
  /** Whose subfolders they are. */
  readonly folder: string;
  /** The one to show to who has not chosen yet; null: the newest. */
  readonly first: string | null;
}

/** @throws RevganError `run` for a folder that is no run, or a damaged one */
export async function watchRuns({ cwd, run }: Pick<ViewRequest, "cwd" | "run">): Promise<WatchedRuns> {
  const first = run === null ? null : await canonical(resolve(cwd, run));
  const folder = first === null ? await canonical(join(cwd, ".revgan", "runs")) : dirname(first);
  const store = new RunStore(() => [folder]);
  await store.refresh();
  if (first !== null) await requireRun(store, first);
  return {
    runs: new Runs(store, null, new MeasuredMemory(() => join(dirname(folder), "memory")), () => false),
    folder,
    first,
  };
}

async function requireRun(store: RunStore, folder: string): Promise<void> {
  const stored = store.get(folder);
  if (stored?.problem != null) throw stored.problem;
  if (stored !== undefined) return;
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
  throw new RevganError(
    "run",
    isFolder ? `${folder} is no run: it has no run.json` : `there is no folder ${folder}`,
    "name the folder of a run, usually in .revgan/runs",
  );
}
