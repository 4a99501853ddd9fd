import type { Config } from "../configuration/config";
import { RevganError } from "../protocol/errors";
import type { MemoryLine } from "../protocol/lines";
import type { PanelAction, RunSummary } from "../protocol/panel";
import { Emitter } from "./emitter";
import { RunHistories } from "./runHistory";
import type { MeasuredMemory } from "../runFolder/measuredMemory";
import { shownState, summaryOf } from "./runSummary";
import type { RunStore, StoredRun } from "./runStore";
import type { Training, TrainingQueue } from "./trainingQueue";

/** A running measurement of memory by depth. */
export interface Measurement {
  readonly lines: MemoryLine[];
  readonly of: number;
}

/** Actions that concern no particular run. */
export const generalActions = ["newRun", "trySampleData", "showExample", "installEngine"] as const;

/**
 * Joins what is known of each run (its folder, its training in this window, its metrics, its measurements) into one {@link RunSummary}.
 * Owns the histories and the running measurements.
 */
export class RunRegistry {
  readonly histories: RunHistories;
  private readonly changeEmitter = new Emitter<void>();
  private readonly stepEmitter = new Emitter<void>();
  private readonly measurementEmitter = new Emitter<void>();
  /** Folders of the runs being trained by this window whose histories are kept up to date. */
  private readonly followed = new Set<string>();
  private readonly measurements = new Map<string, Measurement>();

  /** Called when the list of runs, or the state of one, may have changed. */
  readonly onChange = this.changeEmitter.on;
  /** Called when the history of the run in training has new lines. */
  readonly onStep = this.stepEmitter.on;
  /** Called when a measurement of memory starts, has a new line, or ends. */
  readonly onMeasurement = this.measurementEmitter.on;

  constructor(
    readonly store: RunStore,
    /** Null in `revgan view`, which trains nothing. */
    readonly trainings: TrainingQueue | null,
    private readonly memory: MeasuredMemory,
    /** Whether an action is permitted at all: fewer in Restricted Mode, none in `revgan view`. */
    private readonly isAllowed: (action: PanelAction) => boolean,
    /** Called with a message when metrics are damaged or cannot be read. */
    warn: (text: string) => void,
  ) {
    this.histories = new RunHistories(warn);
    store.onChange(() => this.changeEmitter.fire());
    trainings?.onChange((training) => {
      this.follow(training);
      this.changeEmitter.fire();
      void store.refresh();
    });
  }

  /** All runs: first those that are not on disk yet, then the others, newest first. */
  list(): RunSummary[] {
    const stored = this.store.runs;
    const folders = new Set(stored.map(({ folder }) => folder));
    const unstored = (this.trainings?.live ?? []).filter(({ id }) => !folders.has(id));
    return [
      ...unstored.map((training) => this.summary(null, training)),
      ...stored.map((run) => this.summary(run, this.trainings?.get(run.folder) ?? null)),
    ];
  }

  /** The summary of a run; undefined where the run no longer exists. */
  get(id: string): RunSummary | undefined {
    const stored = this.store.get(id) ?? null;
    const training = this.trainings?.get(id) ?? null;
    return stored === null && training === null ? undefined : this.summary(stored, training);
  }

  /** The permitted actions that need no run. */
  get actions(): PanelAction[] {
    return generalActions.filter(this.isAllowed);
  }

  /** Must be called when results of `isAllowed` may have changed, so that pages get the new actions. */
  permissionsChanged(): void {
    this.changeEmitter.fire();
  }

  /** The configuration with all defaults; undefined when `run.json` cannot be used. */
  config(id: string): Config | undefined {
    return this.store.get(id)?.run?.config ?? this.trainings?.get(id)?.request.config;
  }

  /**
   * The run that is shown until the user chooses one: the run being trained by this window, else the newest run whose `run.json` can be
   * used.
   */
  get defaultRun(): string | null {
    const runs = this.list();
    return this.trainings?.current?.id ?? (runs.find(({ id }) => this.config(id) !== undefined) ?? runs[0])?.id ?? null;
  }

  /** The measurements of a configuration, and the progress of a running one. */
  async measuredMemory(
    config: Config,
  ): Promise<{ lines: MemoryLine[]; measuring: { done: number; of: number } | null }> {
    const lines = await this.memory.read(config);
    const running = this.measurements.get(JSON.stringify(config));
    if (running === undefined) return { lines, measuring: null };
    return { lines: [...lines, ...running.lines], measuring: { done: running.lines.length, of: running.of } };
  }

  /**
   * Runs a measurement. Its lines are shown as they arrive, and stored even if it fails or is cancelled.
   *
   * @param of the number of lines to expect
   * @param measure calls back with each line
   * @throws RevganError `usage` while this configuration is being measured
   */
  async measure(
    config: Config,
    of: number,
    measure: (onLine: (line: MemoryLine) => void) => Promise<void>,
  ): Promise<MemoryLine[]> {
    const key = JSON.stringify(config);
    if (this.measurements.has(key))
      throw new RevganError(
        "usage",
        "memory is being measured for this configuration already",
        "wait until it is done, or cancel it",
      );
    const measurement: Measurement = { lines: [], of };
    this.measurements.set(key, measurement);
    this.measurementEmitter.fire();
    try {
      await measure((line) => {
        measurement.lines.push(line);
        this.measurementEmitter.fire();
      });
    } finally {
      await this.memory.write(config, measurement.lines);
      this.measurements.delete(key);
      this.measurementEmitter.fire();
    }
    return measurement.lines;
  }

  /** Keeps the history of a run in training up to date, also while no page shows it: the status bar shows its speed. */
  private follow({ folder, session, over }: Training): void {
    if (folder === null || session === null || this.followed.has(folder)) return;
    this.followed.add(folder);
    const history = this.histories.acquire(folder);
    const subscriptions = [
      session.onLines((lines) => history.append(lines)),
      history.onChange(() => this.stepEmitter.fire()),
    ];
    void history.refresh();
    void over.then(() => {
      for (const subscription of subscriptions) subscription.dispose();
      this.followed.delete(folder);
      this.histories.release(folder);
    });
  }

  private summary(stored: StoredRun | null, training: Training | null): RunSummary {
    const id = training?.id ?? stored!.folder;
    return summaryOf({
      stored,
      activeTraining: training,
      failure: this.trainings?.failureOf(id) ?? null,
      history: this.histories.get(id),
      actions: this.actionsOf(stored, training).filter(this.isAllowed),
    });
  }

  /** The actions that make sense in the state of a run. */
  private actionsOf(stored: StoredRun | null, training: Training | null): PanelAction[] {
    const onDisk: PanelAction[] = stored === null ? [] : ["revealRun", "showLog"];
    const isMeasuring = stored?.run != null && this.measurements.has(JSON.stringify(stored.run.config));
    const evaluation: PanelAction[] =
      stored?.run == null
        ? []
        : [
            ...(stored.hasCheckpoint ? (["evaluate", "exportRun"] as const) : []),
            isMeasuring ? "cancelMeasurement" : "measureMemory",
          ];
    // A run that another process trains can only be watched, unless it is a job of Slurm, which can be stopped.
    const fromElsewhere: PanelAction[] = stored?.job?.status?.state === "running" ? ["stop"] : [];
    switch (shownState(stored, training)) {
      case "queued":
      case "starting":
        return ["stop", ...onDisk];
      case "running":
        return [...(training === null ? fromElsewhere : (["pause", "stop"] as const)), ...onDisk, ...evaluation];
      case "paused":
        return [...(training === null ? fromElsewhere : (["resume", "stop"] as const)), ...onDisk, ...evaluation];
      case "stopping":
        return onDisk;
      case "stopped":
      case "finished":
      case "failed":
      case "interrupted": {
        const isTrained = stored?.run != null && stored.hasCheckpoint && training === null;
        const further = stored?.run?.state === "finished" ? "trainFurther" : "resumeFromCheckpoint";
        // A job that ended before its first checkpoint can be submitted again.
        const canBegin = stored?.job != null && training === null;
        return [
          ...(isTrained || canBegin ? ([further] as const) : []),
          ...(isTrained ? (["translatePicture"] as const) : []),
          ...onDisk,
          ...evaluation,
          ...(training === null ? (["deleteRun"] as const) : []),
        ];
      }
    }
  }
}
