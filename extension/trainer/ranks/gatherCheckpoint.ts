import { createHash } from "node:crypto";
import { type FileContent, piecesOf } from "../../files/atomic";
import type { HostTensor } from "../kernels/tensor";
import type { Kernels } from "../kernels/kernels";
import {
  checkpointFiles,
  pooledImages,
  type SavedCheckpoint,
  type TrainingProgress,
} from "../training/checkpointFiles";
import type { StepRunner } from "../training/trainingStep";
import type { Ranks } from "./ranks";

/**
 * The files of a checkpoint, the same as those of a training on one process: each rank's image pools have only its rows of every batch, and
 * rank 0 collects them all. On the other ranks the pools in the result are incomplete.
 * @throws RevganError `run`, the same on all ranks, when the ranks do not have the same weights
 */
export async function gatherCheckpoint(
  ranks: Ranks,
  k: Kernels,
  runner: StepRunner,
  progress: TrainingProgress,
): Promise<Map<string, FileContent>> {
  const own = pooledImages(runner);
  if (ranks.size === 1) return checkpointFiles(k, runner, progress, own);
  await ranks.meet();
  const pooled = new Map<string, HostTensor>();
  for (const [name, { shape, data }] of own) {
    const parts = await ranks.collect(data);
    if (parts === null) continue;
    const all = new Float32Array(data.length * ranks.size);
    for (const [rank, part] of parts.entries()) all.set(part, rank * data.length);
    pooled.set(name, { shape: [shape[0]! * ranks.size, ...shape.slice(1)], data: all });
  }
  const files = checkpointFiles(k, runner, progress, pooled);
  const digests = [...files]
    .filter(([name]) => !name.startsWith("pool."))
    .map(([name, content]) => [name, digest(content)] as const);
  await ranks.requireEqual(Object.fromEntries(digests), `at step ${progress.step}`);
  return files;
}

/** A checkpoint whose image pools have only this rank's rows; the given one has the rows of whole batches. */
export function withOwnRows(saved: SavedCheckpoint, { rank, size }: Ranks): SavedCheckpoint {
  const rowsOf = ({ shape, data }: HostTensor): HostTensor => {
    const length = data.length / size;
    return { shape: [shape[0]! / size, ...shape.slice(1)], data: data.slice(rank * length, (rank + 1) * length) };
  };
  const { A, B } = saved.pools;
  return size === 1 ? saved : { ...saved, pools: { A: A.map(rowsOf), B: B.map(rowsOf) } };
}

function digest(content: FileContent): string {
  const hash = createHash("sha256");
  for (const piece of piecesOf(content)) hash.update(piece);
  return hash.digest("hex");
}
