import { RevganError } from "../../protocol/errors";
import { appendLog } from "../../runFolder/runLog";

/** The GPU was lost in a training: its driver was reset, the machine slept, or it was taken away. All tensors are gone. */
export class GpuLost extends RevganError {
  /**
   * @param step in which it was lost, counted from 1
   * @param run the run's folder
   * @param checkpoint that the training can go on from; null: there is none yet
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

/** A GPU that is lost again within this time will be lost once more. */
const leastMilliseconds = 60_000;

/**
 * Trains to the end, also where the GPU is lost on the way: the training then goes on from its last checkpoint on the GPU opened again, to the
 * same weights.
 *
 * @param train as it was asked for
 * @param resume goes on with a run
 * @param warn tells the user
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
