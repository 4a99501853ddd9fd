import { Ranks } from "../ranks/ranks";
import { throughGpuLosses } from "./gpuLost";
import { goOnTraining, type ResumedTraining } from "./resumeTraining";
import { beginTraining, type NewTraining, type StartListener } from "./startTraining";

/**
 * Trains a new run to its end; after a loss of the GPU, goes on from the last checkpoint. Returns the run's folder. Errors as
 * {@link TrainingLoop.train}.
 */
export async function trainNew(training: NewTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => beginTraining(training, listener, ranks), listener, ranks);
}

/** Resumes a run from its latest undamaged checkpoint; goes on likewise after a loss of the GPU. Returns the run's folder. */
export async function resumeRun(given: ResumedTraining, listener: StartListener, ranks = Ranks.alone): Promise<string> {
  return throughLosses(() => goOnTraining(given, listener, ranks), listener, ranks);
}

/**
 * Goes on after a loss of the GPU only in a training of one process. With several, all would have to return to a checkpoint together, so
 * the error ends them.
 */
function throughLosses(train: () => Promise<string>, listener: StartListener, ranks: Ranks): Promise<string> {
  if (ranks.size > 1) return train();
  const { started: _, ...again } = listener;
  return throughGpuLosses(train, (folder) => goOnTraining({ folder, sets: [] }, again, ranks), listener.warn);
}
