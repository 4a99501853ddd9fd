import { basename, resolve } from "node:path";
import type { Config } from "../../configuration/config";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import type { CheckpointFolder } from "../../runFolder/checkpointFolders";
import { writeHeldOut } from "../../runFolder/heldOut";
import { appendLeftOut } from "../../runFolder/leftOut";
import { acquireLock } from "../../runFolder/lock";
import { MetricsLog } from "../../runFolder/metricsLog";
import { createRunFolder, requireNewFolder } from "../../runFolder/newRunFolder";
import { pathIn } from "../../runFolder/paths";
import type { Run } from "../../runFolder/runFile";
import { appendLog } from "../../runFolder/runLog";
import { lastStepOfTraining } from "../data/sampler";
import { sourcesOf } from "../data/dataset/dataset";
import { leftOutText } from "../data/leftOut";
import { openEngine, type OpenEngine } from "../engines/openEngine";
import { storedBlocksOf } from "../memoryTheory/memoryBudget";
import type { Model } from "../models/model";
import { EventLog } from "../tensorboard/eventLog";
import { Translator } from "../translate/translator";
import { version } from "../version";
import { follow } from "../ranks/follower";
import type { Ranks } from "../ranks/ranks";
import { type RankDescription } from "../ranks/ranks";
import { averageOver, ownPart, ranksOf, requireEqualStart, requireSharable } from "../ranks/start";
import { initialWeights } from "./initialWeights";
import { disposeNetwork, openNetwork, type WeightSource, largestActivationElements } from "./network";
import { TrainingLoop, type TrainingData } from "./trainingLoop";
import { SampleWriter } from "./samples";
import { StepRunner } from "./trainingStep";
import { Validator } from "./validator";
import type { TrainingListener } from "./trainingListener";
import { type FoundData, withData } from "./checkedData";

/** A training's listener that also hears when the training has started. */
export interface StartListener extends TrainingListener {
  /** Called once, when the run folder exists and the engine runs. */
  readonly started?: (start: TrainingStart) => void;
}

/** The run folder, the step after which a training starts, its last step, and its engine. */
export interface TrainingStart {
  readonly folder: string;
  readonly step: number;
  readonly lastStep: number;
  readonly engine: { readonly name: string; readonly device: string | null };
}

/** The configuration and the folder of a new training. */
export interface NewTraining {
  /** The configuration; its data folders must be absolute paths. */
  readonly config: Config;
  /** A new or empty folder; null for one under `.revgan/runs`. */
  readonly folder: string | null;
}

/** Trains a new run to its end. Returns its folder. Errors as {@link TrainingLoop.train}. */
export async function beginTraining(
  { config: given, folder: wanted }: NewTraining,
  listener: StartListener,
  ranks: Ranks,
): Promise<string> {
  requireSharable(given, ranks);
  // An existing run is refused here, before the data files are checked, which may take minutes.
  if (wanted !== null && ranks.isFirst) await requireNewFolder(resolve(wanted));
  const { weights, notes } = await initialWeights(given);
  for (const note of notes) listener.note(note);
  return withData(given, null, listener, async (found) => {
    const { config, heldOut } = found;
    const engine = await startEngine(config, undefined, listener, ranks);
    // The network is built before anything is written, so that a configuration or weights that do not fit leave no run folder behind.
    const model = modelFor(engine, config, weights, ranks);
    const runner = new StepRunner(engine.kernels, model, stepPlanOf(config), null, averageOver(engine, ranks));
    await requireEqualStart(ranks, config, filesOf(found), engine, model);
    const parts = partsOf(found, engine, runner, ranks);
    if (!ranks.isFirst) return follow({ ...parts, config, resumedAt: null }, listener);
    const folder = await createRunFolder({
      run: wanted ?? undefined,
      dataFolders: foldersOf(dataLocation(config.data)!),
    });
    if (heldOut !== null) await writeHeldOut(folder, heldOut);
    for (const note of notes) await appendLog(folder, note);
    const members = await ranks.introduce({ folder, engine: engine.name, device: engine.device });
    const now = new Date().toISOString();
    const run: Run = {
      format: 1,
      name: basename(folder),
      config,
      ...ranOn(engine, members),
      seed: config.training.seed,
      state: "running",
      step: 0,
      best: null,
      createdAt: now,
      updatedAt: now,
      error: null,
    };
    await trainLocked({ ...parts, folder, run, checkpoint: null }, listener);
    return folder;
  });
}

/** The parts of a training that every MPI rank needs. */
interface RankParts {
  readonly data: TrainingData;
  readonly engine: OpenEngine;
  readonly runner: StepRunner;
  readonly ranks: Ranks;
  readonly samples: SampleWriter;
  /** Runs the validations; null for a training without any. */
  readonly validator: Validator | null;
}

/** The parts of a training that rank 0 needs, which alone writes the run folder. */
interface Opened extends RankParts {
  readonly folder: string;
  readonly run: Run;
  readonly checkpoint: CheckpointFolder | null;
}

export function partsOf(
  { config, dataset, decoder, leftOut, check, validation }: FoundData,
  engine: OpenEngine,
  runner: StepRunner,
  ranks: Ranks,
): RankParts {
  const translator = new Translator(engine.kernels, runner.model, config.network, null);
  const { train, val, test } = dataset.splits;
  return {
    data: { dataset, decoder, leftOut, check },
    engine,
    runner,
    ranks,
    samples: new SampleWriter(translator, decoder, ranks, config, sourcesOf(val ?? test ?? train), leftOut),
    validator: validation === null ? null : new Validator(translator, decoder, ranks, config, validation),
  };
}

/** The lists of data files, which must be equal on all ranks. */
export function filesOf({ dataset, validation }: FoundData): unknown {
  return [dataset.splits, validation];
}

async function trainLocked(opened: Opened, listener: StartListener): Promise<void> {
  const lock = await acquireLock(opened.folder);
  try {
    await trainOpen(opened, listener);
  } finally {
    await lock.release();
  }
}

export async function trainOpen(opened: Opened, listener: StartListener): Promise<void> {
  const { folder, run, data, engine, runner, checkpoint } = opened;
  const metrics = await MetricsLog.open(folder, run.step);
  if (metrics.damage !== null) {
    listener.warn(metrics.damage);
    await appendLog(folder, metrics.damage);
  }
  const { dataset, leftOut, check } = data;
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
  let events: EventLog | null = null;
  try {
    if (run.config.training.tensorboard)
      events = await EventLog.open(folder, run, pathIn(folder, "tensorboard"), listener.warn);
    await new TrainingLoop(
      {
        ...opened,
        k: engine.kernels,
        gpuMeter: engine.gpuMeter,
        run: { ...run, lastStep: last },
        metrics,
        events,
        validations: metrics.validations,
      },
      listener,
    ).train();
  } finally {
    await events?.close();
    await metrics.close();
    runner.dispose();
    disposeNetwork(runner.model);
  }
}

/** Opens the engine. @param convolution the algorithm of the run's convolutions before it was resumed; undefined for a new run */
export async function startEngine(
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

/**
 * Builds the network to train, with as many stored blocks as `network.memoryBudget` allows.
 * @throws RevganError `config` if the budget is too small
 */
export function modelFor({ kernels, name }: OpenEngine, config: Config, weights: WeightSource, ranks: Ranks): Model {
  const storedBlocks = storedBlocksOf(ownPart(config, ranks), name);
  return openNetwork(kernels, config, weights, { storedBlocks, share: ranks.share });
}

export function stepPlanOf({ mode, training }: Config): ConstructorParameters<typeof StepRunner>[2] {
  return { mode, ...training };
}

/** The entries of `run.json` on the engine, devices and versions that a training runs with. */
export function ranOn(
  engine: OpenEngine,
  members: readonly RankDescription[],
): Pick<Run, "engine" | "ranks" | "convolution" | "versions"> {
  const { name, device, version: engineVersion, convolution } = engine;
  return {
    engine: { name, device, version: engineVersion },
    ...ranksOf(members),
    convolution,
    versions: { revgan: version, node: process.versions.node, engine: engineVersion },
  };
}
