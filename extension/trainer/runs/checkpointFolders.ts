import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./atomic";

/** A checkpoint's folder, whole or not. */
export interface CheckpointFolder {
  readonly step: number;
  readonly path: string;
}

/** The folder's name: the step with six digits or more. */
export function checkpointName(step: number): string {
  return String(step).padStart(6, "0");
}

/** Where a run's checkpoints lie. */
export function checkpointsFolder(run: string): string {
  return join(run, "checkpoints");
}

/** @returns the run's checkpoints, whole or not, newest first */
export async function listCheckpoints(run: string): Promise<CheckpointFolder[]> {
  const parent = checkpointsFolder(run);
  const folders: CheckpointFolder[] = [];
  for (const name of await namesIn(parent)) {
    const step = /^\d{6,15}$/.test(name) ? Number(name) : NaN;
    if (checkpointName(step) === name) folders.push({ step, path: join(parent, name) });
  }
  return folders.sort((a, b) => b.step - a.step);
}

/** A folder beside the checkpoints that no reader looks into: `tmp` is being written or deleted, `old` is being replaced. */
export function asidePath(run: string, step: number, kind: "tmp" | "old"): string {
  return join(checkpointsFolder(run), `.${checkpointName(step)}.${kind}-${process.pid}`);
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
  const parent = checkpointsFolder(run);
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
