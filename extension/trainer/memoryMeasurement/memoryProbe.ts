import { RevganError } from "../../protocol/errors";
import { openEngine } from "../engines/openEngine";
import { measureRates } from "../planning/measureRates";
import { engineFailure } from "../engines/engineFailure";
import { largestActivationElements } from "../training/network";
import { measureStep } from "./measureStep";
import type { ProbeMessage, ProbeRequest } from "./probeProtocol";

/*
 * The probe: a process that measures one training step, or how fast kernels run, and ends. A process's resident set never shrinks, and
 * TensorFlow keeps the threads that it began with, so every measurement has a process of its own. See probeProcess.ts.
 */

async function answer({ measure, config }: ProbeRequest): Promise<void> {
  const started = performance.now();
  const engine = await openEngine(config, { activation: largestActivationElements(config) });
  send({ type: "engine", why: engine.why });
  if (measure === "rates") {
    const startSeconds = (performance.now() - started) / 1000;
    send({ type: "rates", rates: await measureRates(engine, config, startSeconds) });
    return;
  }
  send({
    type: "measured",
    measured: { engine: engine.name, ...(await measureStep(engine.kernels, config, engine.gpuMeter)) },
  });
}

function failureOf(error: unknown): ProbeMessage {
  const known = engineFailure(error) ?? RevganError.from(error, "report this", "it could not be measured: ");
  return { type: "failed", error: known.failure };
}

function send(message: ProbeMessage): void {
  process.send?.(message);
}

process.once("message", (request: ProbeRequest) => {
  void answer(request)
    .catch((error: unknown) => send(failureOf(error)))
    .finally(() => process.disconnect());
});
// The parent process has ended or has the answer, and there is nothing to clean up.
process.on("disconnect", () => process.exit());
