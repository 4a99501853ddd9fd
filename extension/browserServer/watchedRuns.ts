import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { RevganError } from "../protocol/errors";
import { canonicalFolder, runsFolder } from "../runFolder/paths";
import { readRun } from "../runFolder/runFile";
import { MeasuredMemory } from "../runFolder/measuredMemory";
import { RunRegistry } from "../host/runRegistry";
import { RunStore } from "../host/runStore";
import type { ViewRequest } from "./viewerProtocol";

/** The runs that a server shows. */
export interface WatchedRuns {
  readonly runs: RunRegistry;
  /** The folder that contains the runs. */
  readonly folder: string;
  /** The folder of the run that a page shows until the user chooses another; null for the newest run. */
  readonly first: string | null;
}

/**
 * Reads the runs to show once; the caller refreshes them.
 *
 * @param warn called with a message when metrics are damaged or cannot be read
 * @throws RevganError `run` for a folder that is no run, or is damaged
 */
export async function watchRuns(
  { cwd, run }: Pick<ViewRequest, "cwd" | "run">,
  warn: (text: string) => void,
): Promise<WatchedRuns> {
  const first = run === null ? null : await canonicalFolder(resolve(cwd, run));
  const folder = first === null ? await canonicalFolder(runsFolder(cwd)) : dirname(first);
  if (first !== null) await requireRun(first);
  const store = new RunStore(() => [folder]);
  await store.refresh();
  return {
    runs: new RunRegistry(store, null, new MeasuredMemory(() => join(dirname(folder), "memory")), () => false, warn),
    folder,
    first,
  };
}

async function requireRun(folder: string): Promise<void> {
  const isFolder = (await stat(folder).catch(() => null))?.isDirectory() === true;
  if (isFolder) await readRun(folder);
  else
    throw new RevganError("run", `there is no folder ${folder}`, "name the folder of a run, usually in .revgan/runs");
}
