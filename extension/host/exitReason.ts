import { explainEnd, type ProcessEnd } from "../processes/processEnd";
import type { Failure } from "../protocol/errors";

const lessMemoryRemedy =
  "lower data.cropSize, training.batchSize or network.width, close other programs, then resume from the checkpoint";

/** Explains the exit of a trainer or a command that reported no error itself. */
export function explainExit(end: ProcessEnd, who = "the trainer"): Failure {
  const { words, outOfMemory } = explainEnd(end);
  return {
    code: "internal",
    message: `${who} ${words}`,
    remedy: outOfMemory ? lessMemoryRemedy : "resume from the checkpoint; if it happens again, look into the log",
  };
}
