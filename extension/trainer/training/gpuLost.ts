import { RevganError } from "../../protocol/errors";
import { appendLog } from "../../runFolder/runLog";

/** The GPU was lost in a training: its driver was reset, the machine slept, or it was taken away. All tensors are gone. */
export class GpuLost extends RevganError {
  /**
   * @param step the step during which the GPU was lost, counted from 1
   * @param run the run's folder
   * @param checkpoint the checkpoint from which the training can go on; null if none was written yet
   */
  constructor(
    step: number,
    readonly run: string,
    readonly checkpoint: { readonly step: number } | null,
    cause: Error,
  ) {
    super(
      "engine",
      `the GPU was lost in step ${step}: its driver was reset, or it was taken away`,
      checkpoint === null ? "train again" : `go on from step ${checkpoint.step} with \`revgan resume ${run}\``,
      { cause },
    );
  }
}

/** A GPU that is lost twice within this time is expected to be lost again, so the training ends with an error instead of going on. */
const leastMilliseconds = 60_000;

/**
 * Trains to the end. When the GPU is lost, opens it again and goes on from the last checkpoint; the final weights are the same as without
 * the loss.
 *
 * @param train the training that the user asked for; returns the run's folder
 * @param resume goes on with the run in this folder
 * @param warn called with a sentence for the user after each loss
 * @throws GpuLost where there is no checkpoint yet; RevganError `engine` where the GPU is lost twice in a minute
 */
export async function throughGpuLosses(
  train: () => Promise<string>,
  resume: (run: string) => Promise<string>,
  warn: (text: string) => void,
  now: () => number = () => performance.now(),
): Promise<string> {
  let [lostAt, attempt] = [-Infinity, train];
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GpuLost) || error.checkpoint === null) throw error;
      const { run, checkpoint, message } = error;
      if (now() - lostAt < leastMilliseconds)
        throw new RevganError(
          "engine",
          `${message}, for the second time in a minute`,
          `see whether the GPU's driver works, then go on with \`revgan resume ${run}\`, or on another engine with \`--set engine=native\``,
          { cause: error },
        );
      lostAt = now();
      const text = `${message}; it is opened again, and the training goes on from step ${checkpoint.step}`;
      warn(text);
      await appendLog(run, text);
      attempt = () => resume(run);
    }
  }
}
