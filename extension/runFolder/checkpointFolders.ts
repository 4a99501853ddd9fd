import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseStepName, stepName } from "../protocol/runFileNames";
import { syncFolder } from "../files/atomic";
import { pathIn, stepFolder } from "./paths";

/** A checkpoint's folder, whole or not. */
export interface CheckpointFolder {
  readonly step: number;
  readonly path: string;
}

/** @returns the run's checkpoints, whole or not, newest first */
export async function listCheckpoints(run: string): Promise<CheckpointFolder[]> {
  const steps = (await namesIn(pathIn(run, "checkpoints"))).map(parseStepName).filter((step) => step !== null);
  return steps.sort((a, b) => b - a).map((step) => ({ step, path: stepFolder(run, "checkpoints", step) }));
}

/** A folder beside the checkpoints that no reader looks into: `tmp` is being written or deleted, `old` is being replaced. */
export function asidePath(run: string, step: number, kind: "tmp" | "old"): string {
  return join(pathIn(run, "checkpoints"), `.${stepName(step)}.${kind}-${process.pid}`);
}

/** Takes a checkpoint away at once: a reader sees all of it or nothing. */
export async function removeCheckpoint(run: string, { step, path }: CheckpointFolder): Promise<void> {
  const aside = asidePath(run, step, "tmp");
  await rm(aside, { recursive: true, force: true });
  await rename(path, aside);
  await rm(aside, { recursive: true, force: true });
}

/**
 * Clears what a process left that died while writing: unfinished folders go, and a checkpoint that it had moved aside to replace
 * comes back. Only for the holder of the run's lock.
 */
export async function cleanLeftovers(run: string): Promise<void> {
  const parent = pathIn(run, "checkpoints");
  const names = await namesIn(parent);
  for (const name of names) {
    const [, step, kind] = /^\.(\d{6,15})\.(tmp|old)-\d+$/.exec(name) ?? [];
    if (step === undefined) continue;
    if (kind === "old" && !names.includes(step)) {
      await rename(join(parent, name), join(parent, step));
      names.push(step);
      await syncFolder(parent);
    } else {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
