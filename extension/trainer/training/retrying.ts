import { DiskFull } from "../../protocol/errors";
import { Gate } from "./gate";
import type { Watcher } from "./watcher";

/** Milliseconds between two tries to write on a disk that was full. */
const every = 2000;

/** Writes what belongs to a run. While the disk is full the training is paused, and goes on when there is room. */
export class PatientWriter {
  /** @param enter notes the run's state */
  constructor(
    private readonly run: string,
    private readonly watcher: Pick<Watcher, "gate" | "signal" | "warn" | "note">,
    private readonly enter: (state: "paused" | "running") => Promise<void>,
  ) {}

  /**
   * @param write may be called again after it found no room; it must then have left nothing
   * @throws RevganError as `write` does; DiskFull when the training is to stop and there is still no room
   */
  async write<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!isFull(error)) throw error;
      const { gate = new Gate(), signal, warn, note } = this.watcher;
      if (signal.aborted) throw this.resumable(error);
      warn(`${error.message}; the training waits until there is room`);
      // The state, too, may find no room; what it says is then older, not wrong.
      await this.enter("paused").catch(() => undefined);
      const result = await gate.retried(write, isFull, every, signal).catch((last: unknown) => {
        throw isFull(last) ? this.resumable(last) : last;
      });
      await this.enter("running").catch(() => undefined);
      note("there is room on the disk again");
      return result;
    }
  }

  private resumable({ message }: DiskFull): DiskFull {
    return new DiskFull(message, `free some space, then go on with \`revgan resume ${this.run}\``);
  }
}

function isFull(error: unknown): error is DiskFull {
  return error instanceof DiskFull;
}
