import { resolve } from "node:path";
import { ownJob } from "../../cluster/slurm";
import { requireNoJob } from "../../cluster/slurmJobs";
import { mergeResume } from "../../configuration/assignments";
import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import { type CheckpointFolder, cleanLeftovers } from "../../runFolder/checkpointFolders";
import { describeSkipped, latestWhole } from "../../runFolder/checkpoints";
import type { CheckpointState } from "../../runFolder/checkpointState";
import { readHeldOut, writeHeldOut } from "../../runFolder/heldOut";
import { readLeftOut } from "../../runFolder/leftOut";
import { acquireLock } from "../../runFolder/lock";
import { readRun, type Run, writeRun } from "../../runFolder/runFile";
import { appendLog } from "../../runFolder/runLog";
import { type Dataset, sourcesOf } from "../data/dataset/dataset";
import type { OpenEngine } from "../engines/openEngine";
import { follow } from "../ranks/follower";
import { withOwnRows } from "../ranks/gatherCheckpoint";
import type { Ranks } from "../ranks/ranks";
import { averageOver, requireEqualStart, requireSharable } from "../ranks/start";
import { withData } from "./checkedData";
import { readCheckpointFiles } from "./checkpointFiles";
import { initialWeights } from "./initialWeights";
import {
  filesOf,
  modelFor,
  partsOf,
  ranOn,
  startEngine,
  type StartListener,
  stepPlanOf,
  trainOpen,
} from "./startTraining";
import { StepRunner } from "./trainingStep";

/** A run to resume, and changes of its configuration, each as `key=value`. */
export interface ResumedTraining {
  readonly folder: string;
  readonly sets: readonly string[];
}

/**
 * Resumes a run from its latest undamaged checkpoint. A run that was submitted to a cluster and has no checkpoint yet begins at step 1.
 * Returns the run's folder.
 */
export async function goOnTraining(
  { folder: given, sets }: ResumedTraining,
  listener: StartListener,
  ranks: Ranks,
): Promise<string> {
  const folder = resolve(given);
  const before = await readRun(folder);
  const merged = mergeResume(before.config, sets);
  if (dataLocation(merged.data) === null)
    throw new RevganError("run", `${folder} names no data folder`, "start a new run with `revgan train`");
  requireSharable(merged, ranks);
  const { cluster } = before;
  if (ranks.isFirst && cluster !== undefined && ownJob(process.env)?.job !== cluster.job)
    await requireNoJob(folder, cluster.job);
  const lock = ranks.isFirst ? await acquireLock(folder) : null;
  try {
    return await resumeLocked({ folder, before, config: merged }, listener, ranks);
  } catch (error) {
    if (lock !== null && cluster !== undefined) await recordNotBegun(folder, before, error);
    throw error;
  } finally {
    await lock?.release();
  }
}

async function resumeLocked(
  { folder, before, config: wanted }: { readonly folder: string; readonly before: Run; readonly config: Config },
  listener: StartListener,
  ranks: Ranks,
): Promise<string> {
  const checkpoint = await checkpointOfFirst(folder, before, listener, ranks);
  const saved = checkpoint === null ? null : withOwnRows(await readCheckpointFiles(checkpoint.path), ranks);
  const kept = { heldOut: await readHeldOut(folder), leftOut: await readLeftOut(folder) };
  return withData(wanted, kept, listener, async (found) => {
    const { config } = found;
    if (ranks.isFirst && saved !== null) await warnOfChangedData(folder, saved.state, found.dataset, listener);
    const engine = await startEngine(config, before.convolution, listener, ranks);
    const { kernels } = engine;
    if (ranks.isFirst) await warnOfOtherConvolution(folder, before, engine, listener);
    const { weights, notes } =
      saved === null
        ? await initialWeights(config)
        : { weights: { tensors: saved.weights, file: saved.weightsFile }, notes: [] };
    for (const note of notes) listener.note(note);
    const model = modelFor(engine, config, weights, ranks);
    const runner = new StepRunner(kernels, model, stepPlanOf(config), saved, averageOver(engine, ranks));
    await requireEqualStart(ranks, config, filesOf(found), engine, model);
    const parts = partsOf(found, engine, runner, ranks);
    const step = saved?.state.step ?? null;
    if (!ranks.isFirst) return follow({ ...parts, config, resumedAt: step }, listener);
    if (found.heldOut !== null && kept.heldOut === null) await writeHeldOut(folder, found.heldOut);
    const members = await ranks.introduce({ folder, engine: engine.name, device: engine.device });
    const run: Run = {
      ...before,
      config,
      ...ranOn(engine, members),
      cluster: clusterOf(before),
      step: step ?? 0,
    };
    await trainOpen({ ...parts, folder, run, checkpoint }, listener);
    return folder;
  });
}

/**
 * The cluster entry of `run.json`, with this process's own job. Undefined for a run that was not submitted to a cluster, or that is now
 * resumed outside of a job.
 */
function clusterOf({ cluster }: Run): Run["cluster"] {
  const own = ownJob(process.env);
  return cluster === undefined || own === null ? undefined : { ...cluster, job: own.job };
}

/**
 * Records in `run.json` and the log that a cluster job failed or was stopped before its first step, since nobody sees what a job prints.
 */
async function recordNotBegun(folder: string, before: Run, error: unknown): Promise<void> {
  const known = RevganError.from(error, "report this");
  const state = known.code === "interrupted" ? "stopped" : "failed";
  try {
    // If `run.json` was written meanwhile, the training loop had begun and has recorded the error itself.
    if ((await readRun(folder)).updatedAt !== before.updatedAt) return;
    const failure = state === "failed" ? known.failure : null;
    await writeRun(folder, { ...before, state, error: failure, updatedAt: new Date().toISOString() });
    await appendLog(folder, known.message);
  } catch {
    // If the error cannot be written, for example on a full disk, that is ignored: the caller reports the original error.
  }
}

/** Finds the checkpoint on rank 0 and sends it to all ranks, so that all resume from the same one. */
async function checkpointOfFirst(
  folder: string,
  run: Run,
  listener: StartListener,
  ranks: Ranks,
): Promise<CheckpointFolder | null> {
  let own: CheckpointFolder | null = null;
  if (ranks.isFirst) {
    await cleanLeftovers(folder);
    own = await checkpointIn(folder, run, listener);
  }
  await ranks.meet();
  return (await ranks.exchange(own))[0]!;
}

/**
 * The latest undamaged checkpoint; warns of newer, damaged ones. Null for a cluster's run that has written no checkpoint.
 * @throws RevganError `checkpoint` if all are damaged, or if a run that is not a cluster's has none
 */
async function checkpointIn(folder: string, run: Run, listener: StartListener): Promise<CheckpointFolder | null> {
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) {
    const text = describeSkipped(damaged, checkpoint);
    listener.warn(text);
    await appendLog(folder, text);
  }
  // A cluster's run that has not begun needs no checkpoint: it begins from its configuration.
  if (checkpoint === undefined && skipped.length === 0 && run.cluster !== undefined) return null;
  if (checkpoint === undefined)
    throw new RevganError(
      "checkpoint",
      `${folder} has no whole checkpoint to go on from`,
      "start a new run with `revgan train`",
    );
  return checkpoint;
}

/**
 * Warns if images were added or removed since the checkpoint. Each step then takes other images, so the resumed run differs from an
 * uninterrupted one.
 */
async function warnOfChangedData(
  folder: string,
  { step, more: { images: before } }: CheckpointState,
  { splits: { train } }: Dataset,
  listener: StartListener,
): Promise<void> {
  const { a, b } = sourcesOf(train);
  if (before === undefined || (before.a === a.length && before.b === b.length)) return;
  const text = `the training data have changed since step ${step}: ${a.length} of A and ${b.length} of B instead of ${before.a} and ${before.b}; epochs and the order of the images are another one from here on`;
  listener.warn(text);
  await appendLog(folder, text);
}

/**
 * Warns if the same engine now computes convolutions by another algorithm than before. Their rounding differs, so the resumed run differs
 * from an uninterrupted one.
 */
async function warnOfOtherConvolution(
  folder: string,
  { convolution, engine: before }: Run,
  engine: OpenEngine,
  listener: StartListener,
): Promise<void> {
  if (convolution === undefined || convolution === engine.convolution || before?.name !== engine.name) return;
  const text = `convolutions are computed by another way than before (${engine.convolution} instead of ${convolution}): from here on the results differ in their rounding`;
  listener.warn(text);
  await appendLog(folder, text);
}
