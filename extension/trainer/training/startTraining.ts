import { basename, resolve } from "node:path";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { mergeResume } from "../../configuration/assignments";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import { type CheckpointFolder, cleanLeftovers } from "../../runFolder/checkpointFolders";
import type { CheckpointState } from "../../runFolder/checkpointState";
import { describeSkipped, latestWhole } from "../../runFolder/checkpoints";
import { readHeldOut, writeHeldOut } from "../../runFolder/heldOut";
import { appendLeftOut, readLeftOut } from "../../runFolder/leftOut";
import { acquireLock } from "../../runFolder/lock";
import { MetricsLog } from "../../runFolder/metricsLog";
import { createRunFolder, requireNewFolder } from "../../runFolder/newRunFolder";
import { readRun, type Run } from "../../runFolder/runFile";
import { appendLog } from "../../runFolder/runLog";
import { lastStepOfTraining } from "../data/sampler";
import { type Dataset, sourcesOf } from "../data/dataset/dataset";
import { leftOutText } from "../data/leftOut";
import { openEngine, type OpenEngine } from "../engines/openEngine";
import type { NamedTensors } from "../interop/pytorch";
import { storedBlocksOf } from "../memoryTheory/memoryBudget";
import type { Model } from "../models/model";
import { version } from "../version";
import { follow } from "../ranks/follower";
import { withOwnRows } from "../ranks/gatherCheckpoint";
import { Ranks } from "../ranks/ranks";
import { averageOver, ownPart, ranksOf, requireEqualStart, requireSharable } from "../ranks/start";
import { readCheckpointFiles } from "./checkpointFiles";
import { throughGpuLosses } from "./gpuLost";
import { disposeNetwork, openNetwork, type WeightSource, largestActivationElements } from "./network";
import { TrainingLoop, type TrainingData } from "./trainingLoop";
import { StepRunner } from "./trainingStep";
import type { ValidationCases } from "./validationCases";
import { Validator } from "./validator";
import type { TrainingListener } from "./trainingListener";
import { withData } from "./checkedData";

/** Also receives what happens before the first step. */
export interface StartListener extends TrainingListener {
  /** Called once, when the run folder exists and the engine runs. */
  readonly started?: (start: TrainingStart) => void;
}

/** Where a training begins and ends, and what it runs on. */
export interface TrainingStart {
  readonly folder: string;
  readonly step: number;
  readonly lastStep: number;
  readonly engine: { readonly name: string; readonly device: string | null };
}

/** A new training. */
export interface NewTraining {
  /** Names its data by absolute paths. */
  readonly config: Config;
  /** A new or empty folder; null for one under `.revgan/runs`. */
  readonly folder: string | null;
  /** Initial weights and their file; null for random ones from the seed. */
  readonly init: { readonly tensors: NamedTensors; readonly file: string } | null;
}

/** A run to go on with, and what changes: each `key=value`. */
export interface ResumedTraining {
  readonly folder: string;
  readonly sets: readonly string[];
}

/** Trains a new run to its end, also where a GPU is lost on the way. Returns its folder. Errors as {@link TrainingLoop.train}. */
export async function trainNew(training: NewTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => begin(training, listener, ranks), listener, ranks);
}

/** Resumes a run from its latest whole checkpoint, also where a GPU is lost on the way. Returns its folder. */
export async function resumeRun(given: ResumedTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => goOn(given, listener, ranks), listener, ranks);
}

/** Several processes end together, as all would have to go back to a checkpoint. */
function throughLosses(train: () => Promise<string>, listener: StartListener, ranks: Ranks): Promise<string> {
  if (ranks.size > 1) return train();
  const { started: _, ...again } = listener;
  return throughGpuLosses(train, (folder) => goOn({ folder, sets: [] }, again, ranks), listener.warn);
}

async function begin(
  { config: given, folder: wanted, init }: NewTraining,
  listener: StartListener,
  ranks: Ranks,
): Promise<string> {
  requireSharable(given, ranks);
  // Fails before every data file is checked, which may take minutes.
  if (wanted !== null && ranks.isFirst) await requireNewFolder(resolve(wanted));
  return withData(given, null, listener, async (found) => {
    const { config, dataset, heldOut, decoder, validation, leftOut, check } = found;
    const engine = await startEngine(config, undefined, listener, ranks);
    const weights: WeightSource = init ?? { seed: config.training.seed };
    // Built before anything is written: a configuration or weights that do not fit leave no run behind.
    const model = modelFor(engine, config, weights, ranks);
    const runner = new StepRunner(engine.kernels, model, stepPlanOf(config), null, averageOver(engine, ranks));
    await requireEqualStart(ranks, config, dataset, engine, model);
    const data = { dataset, decoder, leftOut, check };
    if (!ranks.isFirst) return follow({ config, data, engine, runner, ranks, resumedAt: null }, listener);
    const folder = await createRunFolder({
      run: wanted ?? undefined,
      dataFolders: foldersOf(dataLocation(config.data)!),
    });
    if (heldOut !== null) await writeHeldOut(folder, heldOut);
    const members = await ranks.introduce({ folder, engine: engine.name, device: engine.device });
    const now = new Date().toISOString();
    const run: Run = {
      format: 1,
      name: basename(folder),
      config,
      engine: engineOf(engine),
      ...ranksOf(members),
      convolution: engine.convolution,
      versions: versionsOf(engine),
      seed: config.training.seed,
      state: "running",
      step: 0,
      best: null,
      createdAt: now,
      updatedAt: now,
      error: null,
    };
    await trainLocked({ folder, run, data, validation, engine, runner, ranks, checkpoint: null }, listener);
    return folder;
  });
}

async function goOn({ folder: given, sets }: ResumedTraining, listener: StartListener, ranks: Ranks): Promise<string> {
  const folder = resolve(given);
  const before = await readRun(folder);
  const merged = mergeResume(before.config, sets);
  if (dataLocation(merged.data) === null)
    throw new RevganError("run", `${folder} names no data folder`, "start a new run with `revgan train`");
  requireSharable(merged, ranks);
  const lock = ranks.isFirst ? await acquireLock(folder) : null;
  try {
    const checkpoint = await checkpointOfFirst(folder, listener, ranks);
    const saved = withOwnRows(await readCheckpointFiles(checkpoint.path), ranks);
    const kept = { heldOut: await readHeldOut(folder), leftOut: await readLeftOut(folder) };
    return await withData(merged, kept, listener, async (found) => {
      const { config, dataset, decoder, validation, leftOut, check } = found;
      if (ranks.isFirst) await warnOfChangedData(folder, saved.state, dataset, listener);
      const engine = await startEngine(config, before.convolution, listener, ranks);
      const { kernels } = engine;
      if (ranks.isFirst) await warnOfOtherConvolution(folder, before, engine, listener);
      const model = modelFor(engine, config, { tensors: saved.weights, file: saved.weightsFile }, ranks);
      const runner = new StepRunner(kernels, model, stepPlanOf(config), saved, averageOver(engine, ranks));
      await requireEqualStart(ranks, config, dataset, engine, model);
      const data = { dataset, decoder, leftOut, check };
      if (!ranks.isFirst) return follow({ config, data, engine, runner, ranks, resumedAt: saved.state.step }, listener);
      const members = await ranks.introduce({ folder, engine: engine.name, device: engine.device });
      const run: Run = {
        ...before,
        config,
        engine: engineOf(engine),
        ...ranksOf(members),
        convolution: engine.convolution,
        versions: versionsOf(engine),
        step: saved.state.step,
      };
      await trainOpen({ folder, run, data, validation, engine, runner, ranks, checkpoint }, listener);
      return folder;
    });
  } finally {
    await lock?.release();
  }
}

interface Opened {
  readonly folder: string;
  readonly run: Run;
  readonly data: TrainingData;
  readonly validation: ValidationCases | null;
  readonly engine: OpenEngine;
  readonly runner: StepRunner;
  readonly ranks: Ranks;
  readonly checkpoint: CheckpointFolder | null;
}

async function trainLocked(opened: Opened, listener: StartListener): Promise<void> {
  const lock = await acquireLock(opened.folder);
  try {
    await trainOpen(opened, listener);
  } finally {
    await lock.release();
  }
}

async function trainOpen(
  { folder, run, data, validation, engine, runner, ranks, checkpoint }: Opened,
  listener: StartListener,
): Promise<void> {
  const metrics = await MetricsLog.open(folder, run.step);
  if (metrics.damage !== null) {
    listener.warn(metrics.damage);
    await appendLog(folder, metrics.damage);
  }
  const { dataset, decoder, leftOut, check } = data;
  await leftOut?.recordWith(async (problem) => {
    await appendLeftOut(folder, problem);
    await appendLog(folder, leftOutText(problem));
  });
  const train = sourcesOf(dataset.splits.train);
  const last = lastStepOfTraining(run.config.training, { a: train.a.length, b: train.b.length });
  listener.started?.({ folder, step: run.step, lastStep: last, engine: { name: engine.name, device: engine.device } });
  if (checkpoint !== null && run.step >= last)
    listener.warn(`${folder} is finished at step ${run.step}; raise training.maxSteps or training.epochs to go on`);
  await appendLog(
    folder,
    `${run.step === 0 ? "starts" : `goes on after step ${run.step}`} with the engine ${engine.why}`,
  );
  check.start(folder);
  try {
    const validator = new Validator(engine.kernels, runner.model, run.config, decoder, {
      intensity: () => check.wholeIntensity(run.intensity),
      leftOut,
    });
    await new TrainingLoop(
      {
        k: engine.kernels,
        gpuMeter: engine.gpuMeter,
        runner,
        ranks,
        folder,
        run: { ...run, lastStep: last },
        data,
        metrics,
        checkpoint,
        validator,
        validationCases: validation,
        validations: metrics.validations,
      },
      listener,
    ).train();
  } finally {
    await metrics.close();
    runner.dispose();
    disposeNetwork(runner.model);
  }
}

/** The checkpoint that the first rank goes on from, so that all go on from the same one. */
async function checkpointOfFirst(folder: string, listener: StartListener, ranks: Ranks): Promise<CheckpointFolder> {
  let own: CheckpointFolder | null = null;
  if (ranks.isFirst) {
    await cleanLeftovers(folder);
    own = await checkpointIn(folder, listener);
  }
  await ranks.meet();
  return (await ranks.exchange(own))[0]!;
}

/** The latest whole checkpoint; warns of newer ones that are damaged. */
async function checkpointIn(folder: string, listener: StartListener): Promise<CheckpointFolder> {
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) {
    const text = describeSkipped(damaged, checkpoint);
    listener.warn(text);
    await appendLog(folder, text);
  }
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

/** @param convolution how the run's convolutions were computed before */
async function startEngine(
  config: Config,
  convolution: string | undefined,
  listener: StartListener,
  ranks: Ranks,
): Promise<OpenEngine> {
  const engine = await openEngine(config, {
    activation: largestActivationElements(ownPart(config, ranks)),
    convolution,
    local: ranks.local,
    signal: listener.signal,
  });
  listener.note(`Engine: ${engine.why}`);
  return listener.profile === undefined ? engine : { ...engine, kernels: listener.profile.watch(engine.kernels) };
}

/** The network to train, within its memory budget. @throws RevganError `config` where that is too small */
function modelFor({ kernels, name }: OpenEngine, config: Config, weights: WeightSource, ranks: Ranks): Model {
  const storedBlocks = storedBlocksOf(ownPart(config, ranks), name);
  return openNetwork(kernels, config, weights, { storedBlocks, share: ranks.share });
}

function stepPlanOf({ mode, training }: Config): ConstructorParameters<typeof StepRunner>[2] {
  return { mode, ...training };
}

function engineOf({ name, device, version: engineVersion }: OpenEngine): Run["engine"] {
  return { name, device, version: engineVersion };
}

function versionsOf(engine: OpenEngine): Record<string, string> {
  return { revgan: version, node: process.versions.node, engine: engine.version };
}
