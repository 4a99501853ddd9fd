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
  /** The step of a further checkpoint that is kept whatever its age, such as the best one. */
  readonly alsoKeep?: number | null;
  /** Opens a new file for writing. Tests pass a function that simulates, for example, a full disk. */
  readonly open?: WriteOptions["open"];
}

/**
 * Writes a checkpoint atomically, replacing a checkpoint of the same step. Then deletes the checkpoints older than the newest `keep`
 * undamaged ones, except that of step `alsoKeep`. The caller must hold the run's lock.
 *
 * @param run the run folder, absolute or relative to the process's working folder
 * @param files contents of the checkpoint's files, by name; `SHA256SUMS` is added
 * @returns the checkpoint's folder, absolute
 * @throws RevganError `disk`; earlier checkpoints are then unchanged
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

/** A checkpoint that cannot be used; `why` is for example "weights.safetensors does not match its SHA-256". */
export interface DamagedCheckpoint extends CheckpointFolder {
  readonly why: string;
}

/**
 * The checkpoint with the highest step whose files match `SHA256SUMS`.
 * @returns `checkpoint`, undefined if there is none; `skipped`: the damaged checkpoints with higher steps, highest first
 */
export async function latestWhole(
  run: string,
): Promise<{ readonly checkpoint: CheckpointFolder | undefined; readonly skipped: readonly DamagedCheckpoint[] }> {
  const skipped: DamagedCheckpoint[] = [];
  for (const checkpoint of await listCheckpoints(resolve(run))) {
    const why = await describeDamage(checkpoint.path);
    if (why === undefined) return { checkpoint, skipped };
    // A checkpoint that a trainer deleted since it was listed is not reported as damaged.
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

/**
 * Moves a written checkpoint from `temporary` to `target`. Node cannot atomically replace a folder that is not empty, so an old checkpoint
 * is renamed first; {@link cleanLeftovers} restores it if this process ends between the two renames.
 */
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

/** Deletes checkpoints of which `keep` newer undamaged ones exist. Damaged checkpoints do not count as newer ones. */
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
