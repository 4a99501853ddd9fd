import { bundlePath } from "../../processes/bundlePath";
import { explainEnd, type ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import { RevganError } from "../../protocol/errors";
import type { ViewerMessage, ViewRequest } from "../../browserServer/viewerProtocol";

/** Seconds that the server may take to end. */
const patience = 3;

/** Who serves. */
export interface ViewerWatcher {
  readonly listening: (message: Extract<ViewerMessage, { type: "listening" }>) => void;
  readonly warning: (text: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/**
 * Serves in a process of its own, which may know what the trainer may not: how runs are watched. Resolves when the signal ended it.
 *
 * @throws RevganError `run` for what is no run, `usage` for a port that cannot be had, `internal` when the process dies
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
    // Not by disconnecting: after that Node tells of the child's end only when a timer fires.
    const end = (): void => child.end({ killAfter: patience });
    signal.addEventListener("abort", end, { once: true });
    // The first to settle wins: after a failure the end of the process says nothing.
    child.gone
      .then((how) => {
        // Ctrl-C in a terminal reaches the whole group, and may end the child before we hear of it.
        if (signal.aborted || how.code === 0) resolve();
        else reject(died(how));
      }, reject)
      .finally(() => signal.removeEventListener("abort", end));
    child.send(request);
    if (signal.aborted) end();
  });
}

function died(end: ProcessEnd): RevganError {
  return new RevganError(
    "internal",
    `the viewer ${explainEnd(end).words}`,
    "run it again; if it happens again, report it",
  );
}
