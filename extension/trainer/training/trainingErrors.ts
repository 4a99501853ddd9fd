import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { CheckpointFolder } from "../../runFolder/checkpointFolders";
import { DeviceLost } from "../kernels/deviceLost";
import { OutOfMemory } from "../kernels/outOfMemory";
import { Divergence, divergenceError } from "./divergence";
import { GpuLost } from "./gpuLost";
import { memoryRanOut } from "./memoryRanOut";

/** Where a training stood when a step failed. */
export interface FailedStep {
  readonly config: Config;
  /** The engine's name, for example `native-gpu`. */
  readonly engine: string;
  /** The step that failed, counted from 1. */
  readonly step: number;
  /** The most tensor bytes that were live at once in the step. */
  readonly peak: number;
  /** The run's folder. */
  readonly run: string;
  /** The latest checkpoint. */
  readonly checkpoint: Pick<CheckpointFolder, "step"> | null;
}

/**
 * Translates a divergence, lack of memory or loss of the GPU into an error that tells the user what happened and what to do. Returns other
 * errors unchanged.
 */
export function explainStepError(error: unknown, at: FailedStep): unknown {
  if (error instanceof Divergence) return divergenceError(error, { ...at, rate: at.config.training.learningRate });
  if (error instanceof OutOfMemory) return memoryRanOut(error, at);
  if (error instanceof DeviceLost) return new GpuLost(at.step, at.run, at.checkpoint, error);
  return error;
}

/**
 * The error of a training that ended at an unusable file of the data set: between two steps, with a checkpoint written.
 * @param mayLeaveOut whether the run may go on without the file
 */
export function unreadableData(error: RevganError, run: string, mayLeaveOut: boolean): RevganError {
  const resume = `go on with \`revgan resume ${run}\``;
  const set = "data.skipUnreadable=true";
  return new RevganError(
    "data",
    error.message,
    mayLeaveOut
      ? `${error.remedy}, then ${resume}; or leave it out: add \`--set ${set}\``
      : `${error.remedy}, then ${resume}`,
    { cause: error, ...(mayLeaveOut && { resumeWith: set }) },
  );
}

/** The error of a training that was stopped after a step, with a checkpoint written. */
export function stoppedError(step: number, run: string): RevganError {
  return new RevganError(
    "interrupted",
    `stopped after step ${step}, which is saved`,
    `go on with \`revgan resume ${run}\``,
  );
}
