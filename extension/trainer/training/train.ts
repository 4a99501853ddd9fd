import { Ranks } from "../ranks/ranks";
import { throughGpuLosses } from "./gpuLost";
import { goOnTraining, type ResumedTraining } from "./resumeTraining";
import { beginTraining, type NewTraining, type StartListener } from "./startTraining";

/** Trains a new run to its end, also where a GPU is lost on the way. Returns its folder. Errors as {@link TrainingLoop.train}. */
export async function trainNew(training: NewTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => beginTraining(training, listener, ranks), listener, ranks);
}

/** Resumes a run from its latest whole checkpoint, also where a GPU is lost on the way. Returns its folder. */
export async function resumeRun(given: ResumedTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => goOnTraining(given, listener, ranks), listener, ranks);
}

/** Several processes end together, as all would have to go back to a checkpoint. */
function throughLosses(train: () => Promise<string>, listener: StartListener, ranks: Ranks): Promise<string> {
  if (ranks.size > 1) return train();
  const { started: _, ...again } = listener;
  return throughGpuLosses(train, (folder) => goOnTraining({ folder, sets: [] }, again, ranks), listener.warn);
}
