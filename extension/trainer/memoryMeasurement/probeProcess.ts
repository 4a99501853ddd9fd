import { bundlePath } from "../../processes/bundlePath";
import { explainEnd, type ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import type { Config } from "../../configuration/config";
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
  program = bundlePath("memoryProbe.js"),
): Promise<Probed> {
  if (signal.aborted) return Promise.reject(interrupted());
  return new Promise((resolve, reject) => {
    const child = Subprocess.fork({
      name: "the memory probe",
      program,
      onMessage: (value) => {
        const message = value as ProbeMessage;
        switch (message.type) {
          case "engine":
            engine(message.why);
            return;
          case "measured":
            resolve(message.measured);
            return;
          case "failed":
            reject(RevganError.of(message.error));
            return;
        }
      },
    });
    const abort = (): void => child.kill();
    signal.addEventListener("abort", abort, { once: true });
    // The first to settle wins: after an answer the end of the process says nothing.
    child.gone
      .then((end) => {
        // Ctrl-C in a terminal reaches the whole group, and may end the child before we hear of it.
        reject(signal.aborted || end.signal === "SIGINT" ? interrupted() : died(config, end));
      }, reject)
      .finally(() => signal.removeEventListener("abort", abort));
    const request: ProbeRequest = { config };
    child.send(request);
  });
}

function interrupted(): RevganError {
  return new RevganError("interrupted", "stopped before everything was measured", "run the command again");
}

function died({ network }: Config, end: ProcessEnd): RevganError {
  const { words, outOfMemory } = explainEnd(end);
  return new RevganError(
    "engine",
    `the process that measured depth ${network.depth} with backprop ${network.backprop} ${words}`,
    outOfMemory
      ? "lower the depth, data.cropSize, network.width or training.batchSize"
      : "see `revgan engine status`, and lower the depth if it is out of memory",
  );
}
