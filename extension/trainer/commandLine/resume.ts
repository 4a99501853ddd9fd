import { resumeRun } from "../training/startTraining";
import { onePositional } from "./arguments";
import type { Command } from "./command";
import { withRanks } from "./launched";
import { TrainingView } from "./trainingView";

/** `revgan resume`. */
export const resume: Command = {
  summary: "goes on with a run from its latest whole checkpoint",
  help: `revgan resume RUN [--set key=value]… [--json]

  RUN             a run folder; also a finished one, with more steps: --set training.maxSteps=2000
  --set key=value training.* except seed and batchSize, engine, convolution, gpu, network.backprop,
                  network.memoryBudget, data.cropSize; may be repeated
  --json          prints a JSON object a line`,
  isShared: true,
  options: { set: { type: "string", multiple: true } },
  async run(given, { output, signal }) {
    const folder = onePositional(given, "resume", "a run folder");
    const listener = new TrainingView(output).listener(signal);
    const sets = given.values("set");
    await withRanks(output, (ranks) => resumeRun({ folder, sets }, listener, ranks));
    return 0;
  },
};
