import { resumeRun } from "../training/startTraining";
import { onePositional } from "./arguments";
import type { Command } from "./command";
import { TrainingView } from "./trainingView";

/** `revgan resume`. */
export const resume: Command = {
  summary: "goes on with a run from its latest whole checkpoint",
  help: `revgan resume RUN [--set key=value]… [--json]

  RUN             a run folder; also a finished one, with more steps: --set training.maxSteps=2000
  --set key=value training.* except seed and batchSize, engine, convolution, gpu, network.backprop,
                  network.memoryBudget, data.cropSize; may be repeated
  --json          prints a JSON object a line`,
  options: { set: { type: "string", multiple: true } },
  async run(given, { output, signal }) {
    const folder = onePositional(given, "resume", "a run folder");
    const view = new TrainingView(output);
    await resumeRun(
      { folder, sets: given.values("set") },
      {
        line: view.line,
        started: view.started,
        note: (text) => output.note(text),
        warn: (text) => output.warn(text),
        signal,
      },
    );
    return 0;
  },
};
