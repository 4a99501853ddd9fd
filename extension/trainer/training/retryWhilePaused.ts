import { DiskFull, TransientError, RevganError } from "../../protocol/errors";
import { PauseGate } from "./pauseGate";
import type { TrainingListener } from "./trainingListener";

/** Time between two attempts, in milliseconds. */
const interval = 2000;

/**
 * Runs work that needs the disk or the data. While the disk is full or the data cannot be reached, the training is paused and the work is
 * repeated until it succeeds.
 */
export class RetryWhilePaused {
  /**
   * @param enterState writes the run's state to `run.json`; while paused, with an error that says why
   * @param log appends to the run's log
   * @param resume the command line that resumes the run, for the error if the training is stopped while it waits
   */
  constructor(
    private readonly listener: Pick<TrainingListener, "gate" | "signal" | "warn" | "note">,
    private readonly enterState: (state: "paused" | "running", why: RevganError | null) => Promise<void>,
    private readonly log: (text: string) => Promise<void>,
    private readonly resume: string,
  ) {}

  /**
   * @param work is repeated after a TransientError, so it must leave nothing behind when it throws one
   * @throws RevganError as `work` does; TransientError when the training is stopped before `work` succeeds
   */
  readonly run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const { gate = new PauseGate(), signal, warn, note } = this.listener;
      if (signal.aborted) throw this.resumable(error);
      const why = `${error.message}; the training waits until ${error.end}`;
      warn(why);
      // On a full disk the state cannot be written either: `run.json` keeps the previous one.
      await this.enterState("paused", new RevganError(error.code, why, error.remedy)).catch(() => undefined);
      const result = await gate.retry(work, why, isPassing, interval, signal).catch((last: unknown) => {
        throw isPassing(last) ? this.resumable(last) : last;
      });
      await this.enterState("running", null).catch(() => undefined);
      await this.log(`waited until ${error.end}: ${error.message}`).catch(() => undefined);
      note(`the training goes on: ${error.end}`);
      return result;
    }
  };

  private resumable(error: TransientError): TransientError {
    return error instanceof DiskFull
      ? new DiskFull(error.message, `free some space, then go on with \`${this.resume}\``)
      : error;
  }
}

function isPassing(error: unknown): error is TransientError {
  return error instanceof TransientError;
}
