import { constants, setPriority } from "node:os";
import { bundlePath } from "../../../processes/bundlePath";
import { explainEnd } from "../../../processes/processEnd";
import { startError, Subprocess } from "../../../processes/subprocess";
import { RevganError } from "../../../protocol/errors";
import type { DecoderMessage, TaskMessage } from "./decoderProtocol";

/** The decoder's answer to a task. */
export type Answer = Exclude<DecoderMessage, { type: "ready" }>;

/** One decoder process, from its start to its end. */
export class DecoderProcess {
  private readonly child: Subprocess;
  /** Resolves when the process is ready; rejects when it ends before. */
  readonly ready: Promise<void>;

  /**
   * @param onExit called once, when a process that was ready has ended and all of its answers were handled
   * @param program path of decoder.js
   */
  constructor(onAnswer: (answer: Answer) => void, onExit: () => void, program = bundlePath("decoder.js")) {
    const name = "the image decoder";
    let onReady = (): void => undefined;
    this.child = Subprocess.fork({
      name,
      program,
      onMessage: (value) => {
        const message = value as DecoderMessage;
        if (message.type === "ready") onReady();
        else onAnswer(message);
      },
    });
    this.ready = new Promise((resolve, reject) => {
      let started = false;
      onReady = () => {
        started = true;
        resolve();
      };
      this.child.gone.then((end) => {
        if (started) onExit();
        // A Ctrl-C signals the whole process group, and ends a decoder that is still loading and does not ignore SIGINT yet.
        else if (end.signal === "SIGINT") reject(interrupted());
        else reject(startError(name, program, `it ${explainEnd(end).words}`));
      }, reject);
    });
    // Prevents an unhandled rejection where the client was closed and awaits `ready` no more.
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Gives the process a lower priority than other processes have. */
  lowerPriority(): void {
    try {
      if (this.pid !== undefined) setPriority(this.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // Some systems do not allow it: the decoder then keeps the normal priority.
    }
  }

  send(message: TaskMessage): void {
    this.child.send(message);
  }

  kill(): void {
    this.child.kill();
  }
}

/** The error of a read that is no longer wanted. */
export function interrupted(): RevganError {
  return new RevganError("interrupted", "reading images was interrupted", "start again");
}
