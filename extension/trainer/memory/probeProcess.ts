import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../protocol/config";
import { RevganError } from "../../protocol/errors";
import type { Probed, ProbeMessage, ProbeRequest } from "./probeProtocol";

/** Who waits for a measurement. */
export interface ProbeWatcher {
  /** Which engine measures, and why. */
  readonly engine: (why: string) => void;
  /** Ends the measurement at once. */
  readonly signal: AbortSignal;
}

/**
 * Measures a training step in a process of its own.
 *
 * @param program path of memoryProbe.js; tests put another one here
 * @throws RevganError as the engine or the training has it; `interrupted` by the signal; `engine` when the process dies
 */
export function measureApart(
  config: Config,
  { engine, signal }: ProbeWatcher,
  program = probeProgram(),
): Promise<Probed> {
  if (signal.aborted) return Promise.reject(interrupted());
  return new Promise((resolve, reject) => {
    // The parent's flags (a debugger's port, a test runner's loader) are not for this child.
    const child = fork(program, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
    const abort = (): void => {
      child.kill("SIGKILL");
    };
    signal.addEventListener("abort", abort, { once: true });
    child.on("message", (message: ProbeMessage) => {
      switch (message.type) {
        case "engine":
          engine(message.why);
          return;
        case "measured":
          resolve(message.measured);
          return;
        case "failed":
          reject(new RevganError(message.error.code, message.error.message, message.error.remedy));
          return;
      }
    });
    // The first to settle wins: after an answer the end of the process says nothing.
    child.once("close", (code, killedBy) => {
      signal.removeEventListener("abort", abort);
      // Ctrl-C in a terminal reaches the whole group, and may end the child before we hear of it.
      reject(signal.aborted || killedBy === "SIGINT" ? interrupted() : died(config, code, killedBy, stderr));
    });
    child.once("error", (error) => reject(cannotStart(program, error)));
    const request: ProbeRequest = { config };
    child.send(request, () => undefined);
  });
}

/** In the product memoryProbe.js lies beside this bundle; from source, in dist/, where the build puts it. */
function probeProgram(): string {
  const beside = join(import.meta.dirname, "memoryProbe.js");
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "..", "dist", "memoryProbe.js");
}

function interrupted(): RevganError {
  return new RevganError("interrupted", "stopped before everything was measured", "run the command again");
}

function died({ network }: Config, code: number | null, signal: NodeJS.Signals | null, stderr: string): RevganError {
  const what = `the process that measured depth ${network.depth} with backprop ${network.backprop} ended with ${signal ?? `exit code ${String(code)}`}`;
  // 137 and SIGKILL are how systems end who takes too much memory.
  if (signal === "SIGKILL" || code === 137) {
    return new RevganError(
      "engine",
      `${what}: it was probably out of memory`,
      "lower the depth, data.cropSize, network.width or training.batchSize",
    );
  }
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return new RevganError(
    "engine",
    last === "" ? what : `${what}: ${last}`,
    "see `revgan engine status`, and lower the depth if it is out of memory",
  );
}

function cannotStart(program: string, error: Error): RevganError {
  return new RevganError(
    "internal",
    `the memory probe ${program} does not start: ${error.message}`,
    "install RevGAN again (in a checkout: npm ci, then npm run build)",
  );
}
