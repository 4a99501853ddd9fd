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

/** A run to go on with, and what changes: each `key=value`. */
export interface ResumedTraining {
  readonly folder: string;
  readonly sets: readonly string[];
}

/** Goes on with a run from its latest whole checkpoint; begins one that was submitted to a cluster and has none. Returns its folder. */
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

/** The job that trains a run which was submitted to a cluster; of one that goes on outside of a job none. */
function clusterOf({ cluster }: Run): Run["cluster"] {
  const own = ownJob(process.env);
  return cluster === undefined || own === null ? undefined : { ...cluster, job: own.job };
}

/** Nobody sees what a job prints: that it did not come to its first step stands in its run. */
async function recordNotBegun(folder: string, before: Run, error: unknown): Promise<void> {
  const known = RevganError.from(error, "report this");
  const state = known.code === "interrupted" ? "stopped" : "failed";
  try {
    // A loop that has begun has recorded it already.
    if ((await readRun(folder)).updatedAt !== before.updatedAt) return;
    const failure = state === "failed" ? known.failure : null;
    await writeRun(folder, { ...before, state, error: failure, updatedAt: new Date().toISOString() });
    await appendLog(folder, known.message);
  } catch {
    // The disk is full, for example: the caller reports the first error.
  }
}

/** The checkpoint that the first rank goes on from, so that all go on from the same one. */
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

/** The latest whole checkpoint; warns of newer ones that are damaged. Null for a run of a cluster that has written none. */
async function checkpointIn(folder: string, run: Run, listener: StartListener): Promise<CheckpointFolder | null> {
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) {
    const text = describeSkipped(damaged, checkpoint);
    listener.warn(text);
    await appendLog(folder, text);
  }
  // What else it needs to begin is its configuration.
  if (checkpoint === undefined && skipped.length === 0 && run.cluster !== undefined) return null;
  if (checkpoint === undefined)
    throw new RevganError(
      "checkpoint",
      `${folder} has no whole checkpoint to go on from`,
      "start a new run with `revgan train`",
    );
  return checkpoint;
}

/** Added or removed images change which ones each step takes: the resumed run differs from an uninterrupted one. */
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

/** Convolutions that are computed in another way round differently, so that the run is no longer the one that was not interrupted. */
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
