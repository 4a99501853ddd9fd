import { bundlePath } from "../../../processes/bundlePath";
import { explainEnd } from "../../../processes/processEnd";
import { cannotStart, Subprocess } from "../../../processes/subprocess";
import { RevganError } from "../../../protocol/errors";
import type { DecoderMessage, TaskMessage } from "./decoderProtocol";

/** One decoder process, from its start to its end. */
export class DecoderProcess {
  private readonly child: Subprocess;
  /** Settles once the process has said that it is ready; rejects when it ends before. */
  readonly ready: Promise<void>;

  /**
   * @param onMessage called with every answer
   * @param onExit called once, when a process that was ready is gone and all of its answers were given
   * @param program path of decoder.js; tests put a misbehaving one here
   */
  constructor(
    onMessage: (message: Exclude<DecoderMessage, { type: "ready" }>) => void,
    onExit: () => void,
    program = bundlePath("decoder.js"),
  ) {
    const name = "the image decoder";
    let begin = (): void => undefined;
    this.child = Subprocess.fork({
      name,
      program,
      onMessage: (value) => {
        const message = value as DecoderMessage;
        if (message.type === "ready") begin();
        else onMessage(message);
      },
    });
    this.ready = new Promise((resolve, reject) => {
      let started = false;
      begin = () => {
        started = true;
        resolve();
      };
      this.child.gone.then((end) => {
        if (started) onExit();
        // Ctrl-C reaches the whole group, and a process that is still loading has no ear for it yet.
        else if (end.signal === "SIGINT") reject(interrupted());
        else reject(cannotStart(name, program, `it ${explainEnd(end).words}`));
      }, reject);
    });
    // Whoever is interested awaits it; nobody may be.
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: TaskMessage): void {
    this.child.send(message);
  }

  /** Ends the process now, whatever it does. */
  kill(): void {
    this.child.kill();
  }
}

/** The error of reading that nobody waits for any more. */
export function interrupted(): RevganError {
  return new RevganError("interrupted", "reading images was interrupted", "start again");
}
