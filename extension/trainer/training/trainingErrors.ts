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
  /** `native-gpu`, for example. */
  readonly engine: string;
  /** The step that failed, counted from 1. */
  readonly step: number;
  /** The step's peak of tensor bytes. */
  readonly peak: number;
  /** The run's folder. */
  readonly run: string;
  /** The latest checkpoint. */
  readonly checkpoint: Pick<CheckpointFolder, "step"> | null;
}

/** The error of a step with what happened and what to do, for the user; other errors unchanged. */
export function explainStepError(error: unknown, at: FailedStep): unknown {
  if (error instanceof Divergence) return divergenceError(error, { ...at, rate: at.config.training.learningRate });
  if (error instanceof OutOfMemory) return memoryRanOut(error, at);
  if (error instanceof DeviceLost) return new GpuLost(at.step, at.run, at.checkpoint, error);
  return error;
}

/**
 * A file of the data set cannot be used: the training ended between two steps, with everything saved.
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

/** The training was stopped after a step, with everything saved. */
export function stoppedError(step: number, run: string): RevganError {
  return new RevganError(
    "interrupted",
    `stopped after step ${step}, which is saved`,
    `go on with \`revgan resume ${run}\``,
  );
}
