import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stepName } from "../protocol/runFileNames";

/** The folder in a workspace for everything that the product writes there; it has a `.gitignore` of its own. */
export const revganFolder = ".revgan";

/** The default folder of a workspace's runs. */
export function runsFolder(workspace: string): string {
  return join(workspace, revganFolder, "runs");
}

/** The files and folders of a run folder. */
const names = {
  /** The run's configuration and state. */
  run: "run.json",
  /** The names of the files that `data.split` held out. */
  heldOut: "split.json",
  /** The files that could not be used: a line a file. */
  leftOut: "left-out.jsonl",
  /** The process that trains it now. */
  lock: "lock",
  /** A line a step, and a line a validation. */
  metrics: "metrics.jsonl",
  /** A log with times. */
  log: "log.txt",
  /** What was submitted to Slurm. */
  jobScript: "slurm.sh",
  /** A folder a step. */
  samples: "samples",
  /** A folder a step. */
  checkpoints: "checkpoints",
  /** TensorBoard's event files. */
  tensorboard: "tensorboard",
  /** Results of `revgan evaluate`. */
  evaluation: "evaluation",
  /** Translations of pictures of its own data set, where results would be taken for data. */
  translations: "translations",
} as const;

/** The path of a file or folder in a run folder. */
export function pathIn(run: string, what: keyof typeof names): string {
  return join(run, names[what]);
}

/** The folder of a step's samples or checkpoint. */
export function stepFolder(run: string, what: "samples" | "checkpoints", step: number): string {
  return join(pathIn(run, what), stepName(step));
}

/** A folder's canonical path, so that links to one run are the same run; the absolute path if it does not exist. */
export async function canonicalFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}
