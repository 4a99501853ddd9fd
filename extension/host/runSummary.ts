import { totalSeconds } from "../comparison/comparisonLine";
import type { PanelAction, RunSummary, ShownState } from "../protocol/panel";
import type { TrainerFailure } from "../protocol/trainer";
import { endOfJob, jobNote, queueNote } from "./clusterJob";
import type { RunHistory } from "./runHistory";
import type { StoredRun } from "./runStore";
import type { Training } from "./trainingQueue";
import type { TrainingState } from "./trainingState";

/** The number of latest steps over which the speed (steps per second) is averaged. */
const speedSteps = 20;

/** The information from which a run's summary is made. */
export interface SummarySources {
  /** The run's folder as last read; null before a new run is on disk. */
  readonly stored: StoredRun | null;
  /** The run's training in this window; null when this window does not train it. */
  readonly activeTraining: Training | null;
  /** Why the run's last training in this window failed; null when there was none or it did not fail. */
  readonly failure: TrainerFailure | null;
  /** The run's metrics; null when they were not read. */
  readonly history: RunHistory | null;
  readonly actions: readonly PanelAction[];
}

/** Summarises a run for the list of runs and the head of the panel. */
export function summaryOf({ stored, activeTraining, failure, history, actions }: SummarySources): RunSummary {
  const run = stored?.run ?? null;
  const last = history?.lastStepLine ?? null;
  const started = activeTraining?.session?.started ?? null;
  const shown = shownState(stored, activeTraining);
  // A killed trainer leaves the state `running` in run.json. If this window trained the run, it knows why the process ended.
  const state = shown === "interrupted" && failure !== null ? "failed" : shown;
  const step = Math.max(last?.step ?? 0, activeTraining === null || last === null ? (run?.step ?? 0) : 0);
  const planned = run?.lastStep ?? run?.config.training.maxSteps ?? null;
  const lastStep = started?.lastStep ?? (run?.state === "finished" ? run.step : planned);
  const perSecond = history === null ? null : speed(history);
  const live = activeTraining?.session?.state;
  const problem = live?.name === "failed" ? live.failure : problemOf(stored, state, failure);
  return {
    id: activeTraining?.id ?? stored!.folder,
    name: stored?.name ?? activeTraining!.request.name,
    group: stored?.group ?? null,
    state,
    step,
    lastStep,
    epoch: last?.epoch ?? 0,
    updatedAt: last?.time ?? run?.updatedAt ?? "",
    engine: started?.engine ?? (run?.engine == null ? null : { name: run.engine.name, device: run.engine.device }),
    stepsPerSecond: perSecond,
    secondsLeft:
      state === "running" && perSecond !== null && lastStep !== null ? Math.max(0, lastStep - step) / perSecond : null,
    seconds: history === null ? null : totalSeconds(history.steps),
    error: problem === null ? null : { message: problem.message, remedy: problem.remedy },
    note: noteOf(shown, live, stored),
    actions: [...actions],
  };
}

/** Message and remedy that say why a run cannot be used, or ended too early; null for neither. */
function problemOf(
  stored: StoredRun | null,
  state: ShownState,
  failure: TrainerFailure | null,
): Pick<TrainerFailure, "message" | "remedy"> | null {
  if (stored?.problem != null) return stored.problem;
  if (state === "failed" && (stored?.run?.error ?? failure) !== null) return stored?.run?.error ?? failure;
  const job = stored?.job ?? null;
  const isUnexplained = state === "interrupted" || state === "failed";
  return job?.status?.state === "over" && isUnexplained ? endOfJob(job, stored!.hasCheckpoint) : null;
}

/**
 * A run's `note`, see {@link RunSummary}: what a starting run does, what a queued or paused run waits for, on which job and how many
 * processes a run is trained, or how it was interrupted. For a run that another process trains, this is read from its folder.
 */
function noteOf(shown: ShownState, live: TrainingState | undefined, stored: StoredRun | null): string | null {
  if (live?.name === "starting") return live.note;
  const run = stored?.run ?? null;
  const job = stored?.job ?? null;
  const ranks = run?.ranks?.length ?? 1;
  switch (shown) {
    case "queued":
      return job === null ? "until another run is done" : queueNote(job);
    case "paused":
      return live?.name === "paused" ? live.why : (run?.error?.message ?? null);
    case "starting":
    case "running": {
      const processes = ranks === 1 ? [] : [`${ranks} processes`];
      return [...(job === null ? [] : [jobNote(job)]), ...processes].join(", ") || null;
    }
    case "interrupted":
      if (job?.status?.state === "over") return null;
      return ranks === 1
        ? "its process ended without saying why"
        : `the first of its ${ranks} processes ended without saying why`;
    case "stopping":
    case "stopped":
    case "finished":
    case "failed":
      return null;
  }
}

/**
 * The state of a run. `interrupted`: the state in `run.json` is running or paused, but no process holds the run's lock, so its trainer
 * ended without writing a final state. If the run's job waits in Slurm's queue, it was requeued, and the run is `queued` whatever
 * `run.json` says.
 */
export function shownState(stored: StoredRun | null, training: Training | null): ShownState {
  if (training !== null) return training.session?.state.name ?? "queued";
  if (stored?.run == null) return "failed";
  const { state } = stored.run;
  const job = stored.job?.status?.state;
  if (stored.isLocked) return state === "queued" ? "starting" : state;
  if (job === "waiting") return "queued";
  if (state === "queued") return job === "over" ? "failed" : job === "running" ? "starting" : "queued";
  return state === "running" || state === "paused" ? "interrupted" : state;
}

function speed({ steps }: RunHistory): number | null {
  const seconds = Array.from(steps.column("seconds").subarray(-speedSteps));
  if (seconds.length === 0) return null;
  const sum = seconds.reduce((total, each) => total + each, 0);
  return sum > 0 ? seconds.length / sum : null;
}
