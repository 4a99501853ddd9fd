import { submitAgain } from "../cluster/submitTraining";
import { resumeRun } from "../training/train";
import { onePositional } from "./arguments";
import type { Command } from "./command";
import { jobOptions, jobWishesOf, showSubmitted } from "./jobResources";
import { withRanks } from "./launched";
import { TrainingView } from "./trainingView";

/** `revgan resume`. */
export const resume: Command = {
  summary: "goes on with a run from its latest whole checkpoint",
  help: `revgan resume RUN [--set key=value]… [--json]
revgan resume RUN --slurm [--set key=value]… [--ranks N] [--partition NAME] [--time HH:MM:SS] [--gpus N] [--cpus N]
              [--requeue | --no-requeue]

  RUN             a run folder; also a finished one, with more steps: --set training.maxSteps=2000
  --set key=value training.* except seed and batchSize, engine, convolution, gpu, network.backprop,
                  network.memoryBudget, data.cropSize; may be repeated
  --slurm         gives it to Slurm's queue, with RUN/slurm.sh, in which only what is asked for is changed; a run that was not
                  submitted before gets a new script
  --json          prints a JSON object a line`,
  isShared: true,
  options: { set: { type: "string", multiple: true }, ...jobOptions },
  async run(given, { output, signal }) {
    const folder = onePositional(given, "resume", "a run folder");
    const wishes = jobWishesOf(given, "resume");
    if (wishes !== null) {
      showSubmitted(await submitAgain(folder, { sets: given.values("set"), wishes }, signal), output);
      return 0;
    }
    const listener = new TrainingView(output).listener(signal);
    const sets = given.values("set");
    await withRanks(output, (ranks) => resumeRun({ folder, sets }, listener, ranks));
    return 0;
  },
};
