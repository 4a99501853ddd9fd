import type { Config } from "../../protocol/config";
import { RevganError } from "../../protocol/errors";
import type { NamedTensors } from "../interop/pytorch";
import { describeSkipped, latestWhole } from "./checkpoints";
import { readRun } from "./runFile";
import { readWeights } from "../training/checkpointFiles";

/** A run's configuration and the weights of its latest whole checkpoint. @throws RevganError `run` or `checkpoint` */
export async function weightsOfRun(folder: string, warn: (text: string) => void): Promise<{ config: Config; tensors: NamedTensors; file: string }> {
  const { config } = await readRun(folder);
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) warn(describeSkipped(damaged, checkpoint));
  if (checkpoint === undefined) throw new RevganError("checkpoint", `${folder} has no whole checkpoint`, "train it first, or name another run");
  return { config, ...(await readWeights(checkpoint.path)) };
}
