import { bundlePath } from "../../processes/bundlePath";
import { explainEnd, type ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { Rates } from "../planning/rates";
import type { Probed, ProbeMessage, ProbeRequest } from "./probeProtocol";

/** What the caller of a measurement passes: a callback, and a signal to end the measurement. */
export interface ProbeWatcher {
  /** Called with the engine that measures, and why it was chosen. */
  readonly engine: (why: string) => void;
  /** When aborted, the measuring process is killed. */
  readonly signal: AbortSignal;
}

/**
 * Measures a training step in a process of its own.
 *
 * @param program path of memoryProbe.js; tests pass another one
 * @throws RevganError with the code that the process reports; `interrupted` if the signal was aborted; `engine` if the process dies without
 *   a report
 */
export async function measureStepInProcess(config: Config, watcher: ProbeWatcher, program?: string): Promise<Probed> {
  return (await answerOf({ measure: "memory", config }, "measured", watcher, program)).measured;
}

/**
 * Measures how fast the engine of this configuration computes, on the threads that it would be trained on, in a process of its own.
 * @throws RevganError as {@link measureStepInProcess}
 */
export async function measureRatesInProcess(config: Config, watcher: ProbeWatcher): Promise<Rates> {
  return (await answerOf({ measure: "rates", config }, "rates", watcher)).rates;
}

function answerOf<Type extends ProbeMessage["type"]>(
  request: ProbeRequest,
  wanted: Type,
  { engine, signal }: ProbeWatcher,
  program = bundlePath("memoryProbe.js"),
): Promise<Extract<ProbeMessage, { type: Type }>> {
  if (signal.aborted) return Promise.reject(interrupted());
  return new Promise((resolve, reject) => {
    const child = Subprocess.fork({
      name: "the memory probe",
      program,
      onMessage: (value) => {
        const message = value as ProbeMessage;
        if (message.type === "engine") engine(message.why);
        else if (message.type === "failed") reject(RevganError.of(message.error));
        else if (message.type === wanted) resolve(message as Extract<ProbeMessage, { type: Type }>);
      },
    });
    const abort = (): void => child.kill();
    signal.addEventListener("abort", abort, { once: true });
    // Only the first call of resolve or reject counts, so the exit that follows an answer is not reported as an error.
    child.gone
      .then((end) => {
        // Ctrl-C in a terminal signals the whole process group, and may end the child before our own handler runs.
        reject(signal.aborted || end.signal === "SIGINT" ? interrupted() : diedError(request, end));
      }, reject)
      .finally(() => signal.removeEventListener("abort", abort));
    child.send(request);
  });
}

function interrupted(): RevganError {
  return new RevganError("interrupted", "stopped before everything was measured", "run the command again");
}

function diedError({ measure, config: { network } }: ProbeRequest, end: ProcessEnd): RevganError {
  const { words, outOfMemory } = explainEnd(end);
  if (measure === "rates")
    return new RevganError(
      "engine",
      `the process that measured the engine's speed ${words}`,
      "see `revgan engine status`",
    );
  return new RevganError(
    "engine",
    `the process that measured depth ${network.depth} with backprop ${network.backprop} ${words}`,
    outOfMemory
      ? "lower the depth, data.cropSize, network.width or training.batchSize"
      : "see `revgan engine status`, and lower the depth if it is out of memory",
  );
}
