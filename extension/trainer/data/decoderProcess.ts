import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import type { DecoderMessage, TaskMessage } from "./decoderProtocol";

/** One decoder process, from its start to its end. */
export class DecoderProcess {
  private readonly child: ChildProcess;
  private stderr = "";
  /** Settles once the process has said that it is ready; rejects when it ends before. */
  readonly ready: Promise<void>;

  /**
   * @param program path of decoder.js
   * @param onMessage called with every answer
   * @param onExit called once, when a process that was ready is gone and all of its answers were given
   */
  constructor(
    program: string,
    onMessage: (message: Exclude<DecoderMessage, { type: "ready" }>) => void,
    onExit: () => void,
  ) {
    // "advanced" carries typed arrays. The parent's flags (a debugger's port, a test runner's loader) are not for this child.
    this.child = fork(program, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => (this.stderr = (this.stderr + text).slice(-2000)));
    this.ready = new Promise((resolve, reject) => {
      let started = false;
      this.child.on("message", (message: DecoderMessage) => {
        if (message.type !== "ready") {
          onMessage(message);
          return;
        }
        started = true;
        resolve();
      });
      // Ctrl-C reaches the whole group, and a process that is still loading has no ear for it yet.
      this.child.once("close", (_, signal) =>
        started ? onExit() : reject(signal === "SIGINT" ? interrupted() : cannotStart(program, this.stderr)),
      );
      // A process that could not be made has no "close" event; after a failed kill there is nothing to do.
      this.child.once("error", (error) => reject(cannotStart(program, error.message)));
    });
    // Whoever is interested awaits it; nobody may be.
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** A message that does not arrive is answered by the process's end. */
  send(message: TaskMessage): void {
    this.child.send(message, () => undefined);
  }

  /** Ends the process now, whatever it does. */
  kill(): void {
    this.child.kill("SIGKILL");
  }
}

/** In the product decoder.js lies beside this bundle; from source, in dist/, where the build puts it. */
export function decoderProgram(): string {
  const beside = join(import.meta.dirname, "decoder.js");
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "..", "dist", "decoder.js");
}

function interrupted(): RevganError {
  return new RevganError("interrupted", "reading images was interrupted", "start again");
}

function cannotStart(program: string, stderr: string): RevganError {
  const reason = stderr.split("\n").find((line) => /error/i.test(line)) ?? stderr.split("\n")[0] ?? "";
  return new RevganError(
    "internal",
    `the image decoder ${program} does not start${reason.trim() === "" ? "" : `: ${reason.trim()}`}`,
    "install RevGAN again (in a checkout: npm ci, then npm run build)",
  );
}
