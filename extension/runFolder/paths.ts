import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stepName } from "../protocol/runFileNames";

/** The folder in a workspace that holds what is made there, and keeps itself out of its repository. */
export const revganFolder = ".revgan";

/** Where the runs of a workspace are, unless they were put elsewhere. */
export function runsFolder(workspace: string): string {
  return join(workspace, revganFolder, "runs");
}

/** What is in a run folder. */
const names = {
  /** The run's configuration and state. */
  run: "run.json",
  /** Who trains it now. */
  lock: "lock",
  /** A line a step, and a line a validation. */
  metrics: "metrics.jsonl",
  /** What happened, with times. */
  log: "log.txt",
  /** A folder a step. */
  samples: "samples",
  /** A folder a step. */
  checkpoints: "checkpoints",
  /** What `revgan evaluate` found. */
  evaluation: "evaluation",
} as const;

/** The path of a file or folder in a run folder. */
export function pathIn(run: string, what: keyof typeof names): string {
  return join(run, names[what]);
}

/** The folder of a step's samples or checkpoint. */
export function stepFolder(run: string, what: "samples" | "checkpoints", step: number): string {
  return join(pathIn(run, what), stepName(step));
}

/** A folder's one true name, so that two ways to it are one run; the absolute path of one that is not there. */
export async function canonicalFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}
