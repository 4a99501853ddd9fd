import { bundlePath } from "../../processes/bundlePath";
import { explainEnd, type ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { Probed, ProbeMessage, ProbeRequest } from "./probeProtocol";

/** The caller's side of a measurement. */
export interface ProbeWatcher {
  /** Called with the engine that measures, and why it was chosen. */
  readonly engine: (why: string) => void;
  /** Kills the measurement. */
  readonly signal: AbortSignal;
}

/**
 * Measures a training step in a process of its own.
 *
 * @param program path of memoryProbe.js; tests pass another one
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
    // The first to settle counts: after an answer the exit is expected.
    child.gone
      .then((end) => {
        // Ctrl-C in a terminal signals the whole process group, and may end the child before our own handler runs.
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
