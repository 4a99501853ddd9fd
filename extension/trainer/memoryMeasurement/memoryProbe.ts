import { RevganError } from "../../protocol/errors";
import { openEngine } from "../engines/openEngine";
import { memoryFailure } from "../training/memoryRanOut";
import { widestActivation } from "../training/network";
import { measureStep } from "./measureStep";
import type { ProbeMessage, ProbeRequest } from "./probeProtocol";

/*
 * The memory probe: a process that measures one training step and ends. A process's resident set never shrinks, so every
 * measurement has one of its own. See probeProcess.ts.
 */

async function answer({ config }: ProbeRequest): Promise<void> {
  const engine = await openEngine(config, { activation: widestActivation(config) });
  send({ type: "engine", why: engine.why });
  send({
    type: "measured",
    measured: { engine: engine.name, ...(await measureStep(engine.kernels, config, engine.gpuMeter)) },
  });
}

function failureOf(error: unknown): ProbeMessage {
  const known = memoryFailure(error) ?? RevganError.from(error, "report this", "the memory could not be measured: ");
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
// The parent is gone or has the answer; there is nothing to clean up.
process.on("disconnect", () => process.exit());
