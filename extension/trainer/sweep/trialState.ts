import { existsSync } from "node:fs";
import { assignmentsOf } from "../../configuration/assignments";
import { requireNoJob } from "../../cluster/slurmJobs";
import type { Config } from "../../configuration/config";
import { shownValue } from "../../configuration/rules";
import { RevganError } from "../../protocol/errors";
import type { FinishedLine } from "../../protocol/lines";
import { listCheckpoints } from "../../runFolder/checkpointFolders";
import { requireUnlocked } from "../../runFolder/lock";
import { isNewFolder } from "../../runFolder/newRunFolder";
import { pathIn, stepFolder } from "../../runFolder/paths";
import { readRun } from "../../runFolder/runFile";
import type { CheckedTrial } from "./checkedTrials";

/** What is left to do for a trial. `again` first removes a run that has no checkpoint. */
export type TrialState =
  { readonly todo: "train" | "again" | "resume" } | { readonly todo: "nothing"; readonly finished: FinishedLine };

/**
 * Determines what an earlier sweep has left of a trial. Writes nothing.
 * @throws RevganError `run` where the folder holds something else, or a run of another configuration; `locked` while the run is trained
 */
export async function stateOf({ folder, config }: CheckedTrial): Promise<TrialState> {
  if (await isNewFolder(folder)) return { todo: "train" };
  if (!existsSync(pathIn(folder, "run")))
    throw new RevganError(
      "run",
      `${folder} is no run: it holds something, and has no run.json`,
      "delete it if nothing trains there, or name another folder in runs",
    );
  const run = await readRun(folder);
  if (run.state !== "finished") await requireUnlocked(folder);
  if (run.state !== "finished" && run.cluster !== undefined) await requireNoJob(folder, run.cluster.job);
  const isBegun = run.state === "finished" || (await listCheckpoints(folder)).length > 0;
  if (!isBegun) return { todo: "again" };
  requireSameConfig(folder, run.config, config);
  if (run.state !== "finished") return { todo: "resume" };
  const checkpoint = stepFolder(folder, "checkpoints", run.step);
  return { todo: "nothing", finished: { type: "finished", run: folder, step: run.step, checkpoint } };
}

/** Throws where a run was trained with other values, so that it is not taken for the trial. */
function requireSameConfig(folder: string, trained: Config, wanted: Config): void {
  const before = new Map(assignmentsOf(trained).map(({ key, value }) => [key, value]));
  for (const { key, value } of assignmentsOf(wanted)) {
    // An upsampling that the sweep does not set is inferred from the data files and stored in the run.
    if (key === "data.upsampling" && value === null) continue;
    const other = before.get(key);
    if (JSON.stringify(other) === JSON.stringify(value)) continue;
    throw new RevganError(
      "run",
      `${folder} was trained with ${key} ${shownValue(other)}, and the sweep says ${shownValue(value)}`,
      "name another folder in runs, or delete that run",
    );
  }
}
