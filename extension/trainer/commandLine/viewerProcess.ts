import { bundlePath } from "../../processes/bundlePath";
import { explainEnd, type ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import { RevganError } from "../../protocol/errors";
import type { ViewerMessage, ViewRequest } from "../../browserServer/viewerProtocol";

/** Seconds after which a server that does not end is killed. */
const stopTimeout = 3;

/** Callbacks of {@link runViewer}. */
export interface ViewerWatcher {
  readonly listening: (message: Extract<ViewerMessage, { type: "listening" }>) => void;
  readonly warning: (text: string) => void;
  /** Aborting it ends the server. */
  readonly signal: AbortSignal;
}

/**
 * Runs the server in a process of its own, because it uses modules of the host, which the trainer must not load. Resolves after the signal
 * has ended it.
 *
 * @throws RevganError `run` where the path is no run, `usage` where the port is not available, `internal` when the process dies
 */
export function runViewer(request: ViewRequest, { listening, warning, signal }: ViewerWatcher): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = Subprocess.fork({
      name: "the viewer",
      program: bundlePath("viewer.js"),
      onMessage: (value) => {
        const message = value as ViewerMessage;
        switch (message.type) {
          case "listening":
            listening(message);
            return;
          case "warning":
            warning(message.text);
            return;
          case "failed":
            reject(RevganError.of(message.error));
            return;
        }
      },
    });
    // Ends the child, but not by disconnecting: Node would then report the child's exit only when the next timer fires.
    const end = (): void => child.end({ killAfter: stopTimeout });
    signal.addEventListener("abort", end, { once: true });
    // After a `failed` message the promise is rejected already, and the exit changes nothing.
    child.gone
      .then((how) => {
        // Ctrl-C signals the whole process group, and may end the child before this process handles it.
        if (signal.aborted || how.code === 0) resolve();
        else reject(viewerExitError(how));
      }, reject)
      .finally(() => signal.removeEventListener("abort", end));
    child.send(request);
    if (signal.aborted) end();
  });
}

function viewerExitError(end: ProcessEnd): RevganError {
  return new RevganError(
    "internal",
    `the viewer ${explainEnd(end).words}`,
    "run it again; if it happens again, report it",
  );
}
