import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { describeSkipped, latestWhole } from "../../runFolder/checkpoints";
import { readRun, type Run } from "../../runFolder/runFile";
import type { NamedTensors } from "../interop/pytorch";
import { readWeights } from "./checkpointFiles";

/** A run's configuration, its volumes' intensities and the weights of its latest whole checkpoint. @throws RevganError `run` or `checkpoint` */
export async function weightsOfRun(
  folder: string,
  warn: (text: string) => void,
): Promise<{ config: Config; intensity: Run["intensity"] | null; tensors: NamedTensors; file: string }> {
  const { config, intensity = null } = await readRun(folder);
  const { checkpoint, skipped } = await latestWhole(folder);
  for (const damaged of skipped) warn(describeSkipped(damaged, checkpoint));
  if (checkpoint === undefined)
    throw new RevganError("checkpoint", `${folder} has no whole checkpoint`, "train it first, or name another run");
  return { config, intensity, ...(await readWeights(checkpoint.path)) };
}
