import { DiskFull, PassingTrouble, RevganError } from "../../protocol/errors";
import { appendLog } from "../../runFolder/runLog";
import { Gate } from "./gate";
import type { Watcher } from "./watcher";

/** Milliseconds between two tries. */
const every = 2000;

/** Does what needs the disk and the data. While there is no room, or the data are gone, the training is paused; it goes on by itself. */
export class Retrying {
  /** @param enter notes the run's state, and what it waits for */
  constructor(
    private readonly run: string,
    private readonly watcher: Pick<Watcher, "gate" | "signal" | "warn" | "note">,
    private readonly enter: (state: "paused" | "running", why: RevganError | null) => Promise<void>,
  ) {}

  /**
   * @param work may be called again after a trouble that passes; it must then have left nothing
   * @throws RevganError as `work` does; PassingTrouble when the training is to stop and it has not passed
   */
  async until<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!passes(error)) throw error;
      const { gate = new Gate(), signal, warn, note } = this.watcher;
      if (signal.aborted) throw this.resumable(error);
      const why = `${error.message}; the training waits until ${error.end}`;
      warn(why);
      // The state, too, may find no room; what it says is then older, not wrong.
      await this.enter("paused", new RevganError(error.code, why, error.remedy)).catch(() => undefined);
      const result = await gate.retried(work, why, passes, every, signal).catch((last: unknown) => {
        throw passes(last) ? this.resumable(last) : last;
      });
      await this.enter("running", null).catch(() => undefined);
      await appendLog(this.run, `waited until ${error.end}: ${error.message}`).catch(() => undefined);
      note(`the training goes on: ${error.end}`);
      return result;
    }
  }

  private resumable(error: PassingTrouble): PassingTrouble {
    return error instanceof DiskFull
      ? new DiskFull(error.message, `free some space, then go on with \`revgan resume ${this.run}\``)
      : error;
  }
}

function passes(error: unknown): error is PassingTrouble {
  return error instanceof PassingTrouble;
}
