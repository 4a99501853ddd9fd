import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import type { ViewerMessage, ViewRequest } from "../../viewer/viewerProtocol";

/** Milliseconds that the server may take to end. */
const patience = 3000;

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
    // The parent's flags (a debugger's port, a test runner's loader) are not for this child.
    const child = fork(viewerProgram(), [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let stderr = "";
    let timer: NodeJS.Timeout | undefined;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
    const end = (): void => {
      // Not by disconnecting: after that Node tells of the child's end only when a timer fires.
      child.kill();
      timer = setTimeout(() => child.kill("SIGKILL"), patience);
    };
    signal.addEventListener("abort", end, { once: true });
    child.on("message", (message: ViewerMessage) => {
      switch (message.type) {
        case "listening":
          listening(message);
          return;
        case "warning":
          warning(message.text);
          return;
        case "failed":
          reject(new RevganError(message.error.code, message.error.message, message.error.remedy));
          return;
      }
    });
    // The first to settle wins: after a failure the end of the process says nothing.
    child.once("close", (code, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      // Ctrl-C in a terminal reaches the whole group, and may end the child before we hear of it.
      if (signal.aborted || code === 0) resolve();
      else reject(died(killedBy ?? `exit code ${String(code)}`, stderr));
    });
    child.once("error", (error) => reject(cannotStart(error)));
    child.send(request, () => undefined);
    if (signal.aborted) end();
  });
}

/** In the product viewer.js lies beside this bundle; from source, in dist/, where the build puts it. */
function viewerProgram(): string {
  const beside = join(import.meta.dirname, "viewer.js");
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "..", "dist", "viewer.js");
}

function died(how: string, stderr: string): RevganError {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return new RevganError(
    "internal",
    `the viewer ended with ${how}${last === "" ? "" : `: ${last}`}`,
    "run it again; if it happens again, report it",
  );
}

function cannotStart(error: Error): RevganError {
  return new RevganError(
    "internal",
    `the viewer does not start: ${error.message}`,
    "install RevGAN again (in a checkout: npm ci, then npm run build)",
  );
}
