import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stepName } from "../protocol/runFileNames";

/** The folder in a workspace into which RevGAN writes all its files; it contains a `.gitignore` that ignores all of it. */
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
  /** The data files that could not be used, one JSON line for each. */
  leftOut: "left-out.jsonl",
  /** Which process is training the run. */
  lock: "lock",
  /** One JSON line for each step and for each validation. */
  metrics: "metrics.jsonl",
  /** Messages with their times. */
  log: "log.txt",
  /** The job script that was submitted to Slurm. */
  jobScript: "slurm.sh",
  /** A folder for each step. */
  samples: "samples",
  /** A folder for each step. */
  checkpoints: "checkpoints",
  /** TensorBoard's event files. */
  tensorboard: "tensorboard",
  /** The results of `revgan evaluate`. */
  evaluation: "evaluation",
  /** Translations of pictures from the run's own data set. They are not written beside the pictures, where they would be taken for data. */
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

/** A folder's path with symbolic links resolved, so that a run has one path; the absolute path if the folder does not exist. */
export async function canonicalFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}
