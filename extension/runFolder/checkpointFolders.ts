import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseStepName, stepName } from "../protocol/runFileNames";
import { syncFolder } from "../files/atomic";
import { removeFolder, renamePatiently } from "../files/patiently";
import { pathIn, stepFolder } from "./paths";

/** The folder of a checkpoint, whose files may be missing or damaged. */
export interface CheckpointFolder {
  readonly step: number;
  readonly path: string;
}

/** @returns the run's checkpoint folders, newest first; they are not verified */
export async function listCheckpoints(run: string): Promise<CheckpointFolder[]> {
  const steps = (await namesIn(pathIn(run, "checkpoints"))).map(parseStepName).filter((step) => step !== null);
  return steps.sort((a, b) => b - a).map((step) => ({ step, path: stepFolder(run, "checkpoints", step) }));
}

/**
 * The path of a temporary folder beside the checkpoints, which readers ignore: a checkpoint that is being written or deleted (`tmp`) or
 * replaced (`old`).
 */
export function asidePath(run: string, step: number, kind: "tmp" | "old"): string {
  return join(pathIn(run, "checkpoints"), `.${stepName(step)}.${kind}-${process.pid}`);
}

/** Deletes a checkpoint. It is renamed first, so that readers never see a part of it. */
export async function removeCheckpoint(run: string, { step, path }: CheckpointFolder): Promise<void> {
  const aside = asidePath(run, step, "tmp");
  await removeFolder(aside);
  await renamePatiently(path, aside);
  await removeFolder(aside);
}

/**
 * Cleans up after a process that ended while writing a checkpoint: deletes unfinished folders, and restores a checkpoint that was renamed
 * but not yet replaced. The caller must hold the run's lock.
 */
export async function cleanLeftovers(run: string): Promise<void> {
  const parent = pathIn(run, "checkpoints");
  const names = await namesIn(parent);
  for (const name of names) {
    const [, step, kind] = /^\.(\d{6,15})\.(tmp|old)-\d+$/.exec(name) ?? [];
    if (step === undefined) continue;
    if (kind === "old" && !names.includes(step)) {
      await renamePatiently(join(parent, name), join(parent, step));
      names.push(step);
      await syncFolder(parent);
    } else {
      await removeFolder(join(parent, name));
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
