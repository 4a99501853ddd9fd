import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import type { FileContent } from "../../files/atomic";
import { type CheckpointState, formatCheckpointState, parseCheckpointState } from "../../runFolder/checkpointState";
import { readLimited, readSmallText } from "../../files/limitedRead";
import { type NamedTensors, ourLayout, pyTorchLayout, statisticsToPyTorch, toPyTorch } from "../interop/pytorch";
import { decodeSafetensors, maxFileBytes, safetensorsPieces } from "../interop/safetensors";
import type { HostTensor } from "../kernels/tensor";
import type { Kernels } from "../kernels/kernels";
import type { SavedTraining, StepRunner } from "./trainingStep";
import type { Config } from "../../configuration/config";
import { describeSkipped, latestWhole } from "../../runFolder/checkpoints";
import { readRun, type Run } from "../../runFolder/runFile";

const files = {
  weights: "weights.safetensors",
  optimizer: "optimizer.safetensors",
  pool: "pool.safetensors",
  state: "state.json",
};

/** Everything that a training needs to be resumed bit for bit. */
export interface SavedCheckpoint extends SavedTraining {
  readonly weights: NamedTensors;
  /** Path of the weights' file. */
  readonly weightsFile: string;
  readonly state: CheckpointState;
}

/** A training's progress. */
export interface TrainingProgress {
  /** The last finished step, from 1. */
  readonly step: number;
  /** The epoch of the next step, from 1. */
  readonly epoch: number;
  readonly seed: number;
  /** Number of training images of each domain. */
  readonly images: { readonly a: number; readonly b: number };
}

/** The images of the pools, in the order in which they are saved. */
export function pooledImages({ pools }: StepRunner): Map<string, HostTensor> {
  return new Map(
    (["A", "B"] as const).flatMap((domain) =>
      pools[domain].images.map((image, i) => [poolName(domain, i), image] as const),
    ),
  );
}

/**
 * The files of a checkpoint; equal trainings give equal bytes.
 * @param pooled the pools' images by tensor name; each is a whole batch, also in a training of several processes
 */
export function checkpointFiles(
  k: Kernels,
  { model, optimizers }: StepRunner,
  { step, epoch, seed, images }: TrainingProgress,
  pooled: ReadonlyMap<string, HostTensor>,
): Map<string, FileContent> {
  const moments = new Map<string, HostTensor>();
  for (const optimizer of Object.values(optimizers)) {
    for (const [name, pair] of optimizer.moments) {
      for (const which of ["m", "v"] as const)
        moments.set(`${name}.${which}`, pyTorchLayout({ shape: pair[which].shape, data: k.read(pair[which]) }));
    }
  }
  // Random numbers depend on (seed, stream, step) alone, so seed and step are the random generator's whole state.
  const state: CheckpointState = {
    format: 1,
    step,
    epoch,
    random: { seed, step },
    more: { coreRange: model.coreRange?.range ?? null, images },
  };
  const weights = new Map([
    ...toPyTorch(k, [...model.generatorParameters, ...model.discriminatorParameters]),
    ...statisticsToPyTorch(model.statistics),
  ]);
  return new Map<string, FileContent>([
    [files.weights, safetensorsPieces(weights)],
    [files.optimizer, safetensorsPieces(moments)],
    [files.pool, safetensorsPieces(pooled)],
    [files.state, formatCheckpointState(state)],
  ]);
}

/** Reads all files of a checkpoint's folder. @throws RevganError `checkpoint` naming the file */
export async function readCheckpointFiles(folder: string): Promise<SavedCheckpoint> {
  const tensors = async (name: string): Promise<NamedTensors> =>
    decodeSafetensors(await readLimited(join(folder, name), maxFileBytes), join(folder, name));
  const weights = await tensors(files.weights);
  const moments = await tensors(files.optimizer);
  const pool = await tensors(files.pool);
  const stateFile = join(folder, files.state);
  const state = parseCheckpointState(await readSmallText(stateFile), stateFile);
  return {
    weights,
    weightsFile: join(folder, files.weights),
    moments: (name, which) => {
      const moment = moments.get(`${name}.${which}`);
      if (moment === undefined)
        throw new RevganError(
          "checkpoint",
          `${join(folder, files.optimizer)} lacks ${name}.${which}`,
          "delete this checkpoint's folder to use an older one",
        );
      return ourLayout(moment).data;
    },
    pools: { A: imagesIn(pool, "A"), B: imagesIn(pool, "B") },
    coreRange: state.more.coreRange ?? null,
    state,
  };
}

/** Reads only the weights of a checkpoint's folder, for translating and exporting. */
export async function readWeights(folder: string): Promise<{ tensors: NamedTensors; file: string }> {
  const file = join(folder, files.weights);
  return { tensors: decodeSafetensors(await readLimited(file, maxFileBytes), file), file };
}

function imagesIn(pool: NamedTensors, domain: "A" | "B"): HostTensor[] {
  const images: HostTensor[] = [];
  for (
    let image = pool.get(poolName(domain, 0));
    image !== undefined;
    image = pool.get(poolName(domain, images.length))
  )
    images.push(image);
  return images;
}

function poolName(domain: "A" | "B", index: number): string {
  return `${domain}.${String(index).padStart(6, "0")}`;
}

/**
 * A run's configuration, its volumes' mean intensity windows, and the step and weights of its latest undamaged checkpoint.
 * @param warn called for each damaged checkpoint that is skipped
 * @throws RevganError `run` or `checkpoint`
 */
export async function weightsOfRun(
  folder: string,
  warn: (text: string) => void,
): Promise<{ config: Config; intensity: Run["intensity"] | null; step: number; tensors: NamedTensors; file: string }> {
  const { config, intensity = null } = await readRun(folder);
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) warn(describeSkipped(damaged, checkpoint));
  if (checkpoint === undefined)
    throw new RevganError("checkpoint", `${folder} has no whole checkpoint`, "train it first, or name another run");
  return { config, intensity, step: checkpoint.step, ...(await readWeights(checkpoint.path)) };
}
