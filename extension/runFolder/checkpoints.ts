import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { removeFolder, renamePatiently } from "../files/patiently";
import { stepName } from "../protocol/runFileNames";
import { syncFolder, writeFileDurably, type FileContent, type WriteOptions } from "../files/atomic";
import {
  asidePath,
  cleanLeftovers,
  listCheckpoints,
  removeCheckpoint,
  type CheckpointFolder,
} from "./checkpointFolders";
import { describeDamage, gone, isThere, isWholeStill } from "./checkpointHealth";
import { formatSums, sumsFile } from "../files/checksums";
import { explainingDiskErrors } from "../files/diskErrors";
import { pathIn, stepFolder } from "./paths";

export interface CheckpointOptions {
  /** How many of the newest undamaged checkpoints are kept, at least 1. */
  readonly keep: number;
  /** The step of one more checkpoint that is kept, whatever its age. */
  readonly alsoKeep?: number | null;
  /** Opens a new file for writing; replaced in tests, for example by a full disk. */
  readonly open?: WriteOptions["open"];
}

/**
 * Writes a checkpoint atomically, replacing one of the same step. Then deletes those older than the newest `keep` undamaged ones,
 * except `alsoKeep`. Only for the holder of the run's lock.
 *
 * @param run the run folder, absolute or relative to the process's
 * @param files by name; `SHA256SUMS` is added
 * @returns the checkpoint's folder, absolute
 * @throws RevganError `disk`; earlier checkpoints are then as they were
 */
export async function writeCheckpoint(
  run: string,
  step: number,
  files: ReadonlyMap<string, FileContent>,
  { keep, alsoKeep = null, open }: CheckpointOptions,
): Promise<string> {
  const root = resolve(run);
  const target = stepFolder(root, "checkpoints", step);
  await explainingDiskErrors(target, run, async () => {
    await mkdir(pathIn(root, "checkpoints"), { recursive: true });
    await cleanLeftovers(root);
    const temporary = asidePath(root, step, "tmp");
    try {
      await writeCheckpointFiles(temporary, files, open === undefined ? {} : { open });
      await putInPlace(root, step, temporary, target);
    } catch (error) {
      await removeFolder(temporary).catch(() => undefined);
      throw error;
    }
    await deleteOldCheckpoints(root, { step, path: target }, keep, alsoKeep);
  });
  return target;
}

/** A checkpoint that cannot be used, and why, for example "weights.safetensors does not match its SHA-256". */
export interface DamagedCheckpoint extends CheckpointFolder {
  readonly why: string;
}

/**
 * The checkpoint with the highest step whose files match `SHA256SUMS`.
 * @returns it, or undefined if there is none, and the damaged ones above it, highest first
 */
export async function latestWhole(
  run: string,
): Promise<{ readonly checkpoint: CheckpointFolder | undefined; readonly skipped: readonly DamagedCheckpoint[] }> {
  const skipped: DamagedCheckpoint[] = [];
  for (const checkpoint of await listCheckpoints(resolve(run))) {
    const why = await describeDamage(checkpoint.path);
    if (why === undefined) return { checkpoint, skipped };
    // A trainer may have deleted it since it was listed.
    if (why !== gone) skipped.push({ ...checkpoint, why });
  }
  return { checkpoint: undefined, skipped };
}

/** One sentence for each damaged checkpoint, for the log and the user. */
export function describeSkipped({ step, why }: DamagedCheckpoint, used: CheckpointFolder | undefined): string {
  const instead = used === undefined ? "there is no older one" : `using ${stepName(used.step)}`;
  return `checkpoint ${stepName(step)} is damaged (${why}); ${instead}`;
}

async function writeCheckpointFiles(
  folder: string,
  files: ReadonlyMap<string, FileContent>,
  options: WriteOptions,
): Promise<void> {
  await mkdir(folder);
  for (const [name, content] of files) await writeFileDurably(join(folder, name), content, options);
  await writeFileDurably(join(folder, sumsFile), formatSums(files), options);
  await syncFolder(folder);
}

/** Node cannot replace a folder that has files atomically: the old one is renamed, and restored later if this process ends in between. */
async function putInPlace(run: string, step: number, temporary: string, target: string): Promise<void> {
  const old = asidePath(run, step, "old");
  const replaces = await isThere(target);
  if (replaces) await renamePatiently(target, old);
  try {
    await renamePatiently(temporary, target);
  } catch (error) {
    if (replaces) await renamePatiently(old, target);
    throw error;
  }
  await syncFolder(pathIn(run, "checkpoints"));
  if (replaces) await removeFolder(old);
}

/** Damaged checkpoints do not count: one is deleted only if `keep` newer undamaged ones exist. */
async function deleteOldCheckpoints(
  run: string,
  justWritten: CheckpointFolder,
  keep: number,
  alsoKeep: number | null,
): Promise<void> {
  const all = await listCheckpoints(run);
  if (all.length <= keep) return;
  let whole = 0;
  for (const checkpoint of all) {
    if (whole >= keep && checkpoint.step !== justWritten.step) {
      if (checkpoint.step !== alsoKeep) await removeCheckpoint(run, checkpoint);
    } else if (checkpoint.step === justWritten.step || (await isWholeStill(checkpoint.path))) {
      whole++;
    }
  }
}
