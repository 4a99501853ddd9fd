import type { Config } from "../configuration/config";
import { RevganError } from "../protocol/errors";
import type { Line, MemoryLine } from "../protocol/lines";
import type { PanelAction, RunSummary } from "../protocol/panel";
import { Emitter } from "./emitter";
import { Histories } from "./histories";
import type { MeasuredMemory } from "./measuredMemory";
import { shownState, summaryOf } from "./runSummary";
import type { RunStore, StoredRun } from "./runStore";
import type { Training, Trainings } from "./trainingQueue";

/** A measurement of memory by depth that is under way. */
export interface Measurement {
  readonly lines: MemoryLine[];
  readonly of: number;
}

/** What can be asked for without a run. */
const generalActions = ["newRun", "trySampleData", "installEngine"] as const;

/** Everything that the host knows of its runs, for whoever shows them: those on disk, those in training, and their steps. */
export class Runs {
  readonly histories: Histories;
  private readonly changed = new Emitter<void>();
  private readonly told = new Emitter<{ readonly run: string; readonly lines: readonly Line[] }>();
  private readonly measuredEmitter = new Emitter<void>();
  private readonly followed = new Set<string>();
  private readonly measurements = new Map<string, Measurement>();

  /** Told when the list of runs, or the state of one, may have changed. */
  readonly onChange = this.changed.on;
  /** Told of a run's new lines, after its history has them. */
  readonly onLines = this.told.on;
  /** Told when a measurement of memory began, went on or ended. */
  readonly onMeasured = this.measuredEmitter.on;

  constructor(
    readonly store: RunStore,
    /** Null where nothing can be trained: in the page of `revgan view`. */
    readonly trainings: Trainings | null,
    private readonly memory: MeasuredMemory,
    /** What may be asked for at all: less in a workspace that is not trusted, nothing in the page of `revgan view`. */
    private readonly isAllowed: (action: PanelAction) => boolean,
    /** Told of metrics that are damaged or cannot be read. */
    warn: (text: string) => void,
  ) {
    this.histories = new Histories(warn);
    store.onChange(() => this.changed.fire());
    trainings?.onChange((training) => {
      this.follow(training);
      this.changed.fire();
      void store.refresh();
    });
    trainings?.onLines(({ training, lines }) => {
      if (training.folder === null) return;
      this.histories.append(training.folder, lines);
      this.told.fire({ run: training.folder, lines });
    });
  }

  /** Every run, newest first; those that are not on disk yet before the others. */
  list(): RunSummary[] {
    const stored = this.store.runs;
    const folders = new Set(stored.map(({ folder }) => folder));
    const unstored = (this.trainings?.live ?? []).filter(({ id }) => !folders.has(id));
    return [
      ...unstored.map((training) => this.summary(null, training)),
      ...stored.map((run) => this.summary(run, this.trainings?.get(run.folder) ?? null)),
    ];
  }

  /** One run; undefined when it is gone. */
  get(id: string): RunSummary | undefined {
    const stored = this.store.get(id) ?? null;
    const training = this.trainings?.get(id) ?? null;
    return stored === null && training === null ? undefined : this.summary(stored, training);
  }

  /** What can be asked for now without a run. */
  get actions(): PanelAction[] {
    return generalActions.filter(this.isAllowed);
  }

  /** What is allowed has changed. */
  reconsider(): void {
    this.changed.fire();
  }

  /** Its configuration with every default; undefined when its `run.json` cannot be used. */
  config(id: string): Config | undefined {
    return this.store.get(id)?.run?.config ?? this.trainings?.get(id)?.given.config;
  }

  /** The run that someone who chooses none wants to see: the one in training, else the newest that can be shown. */
  get foremost(): string | null {
    const runs = this.list();
    return this.trainings?.current?.id ?? (runs.find(({ id }) => this.config(id) !== undefined) ?? runs[0])?.id ?? null;
  }

  /** What was measured for this configuration, and what is being measured. */
  async measured(config: Config): Promise<{ lines: MemoryLine[]; measuring: { done: number; of: number } | null }> {
    const lines = await this.memory.read(config);
    const running = this.measurements.get(JSON.stringify(config));
    if (running === undefined) return { lines, measuring: null };
    return { lines: [...lines, ...running.lines], measuring: { done: running.lines.length, of: running.of } };
  }

  /**
   * Takes the lines of a measurement as they come, shows them, and keeps those that came even if it fails or is cancelled.
   *
   * @param measure tells each line
   */
  async measure(
    config: Config,
    of: number,
    measure: (told: (line: MemoryLine) => void) => Promise<void>,
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
    this.measuredEmitter.fire();
    try {
      await measure((line) => {
        measurement.lines.push(line);
        this.measuredEmitter.fire();
      });
    } finally {
      await this.memory.write(config, measurement.lines);
      this.measurements.delete(key);
      this.measuredEmitter.fire();
    }
    return measurement.lines;
  }

  /** What trains is always looked at: its speed is in the status bar. */
  private follow(training: Training): void {
    const { folder } = training;
    if (folder === null || this.followed.has(folder)) return;
    this.followed.add(folder);
    void this.histories.acquire(folder).refresh();
    void training.over.then(() => {
      this.followed.delete(folder);
      this.histories.release(folder);
    });
  }

  private summary(stored: StoredRun | null, training: Training | null): RunSummary {
    const id = training?.id ?? stored!.folder;
    return summaryOf({
      stored,
      training,
      failure: this.trainings?.failureOf(id) ?? null,
      history: this.histories.get(id),
      actions: this.actionsOf(stored, training).filter(this.isAllowed),
    });
  }

  /** What makes sense for a run as it stands. */
  private actionsOf(stored: StoredRun | null, training: Training | null): PanelAction[] {
    const onDisk: PanelAction[] = stored === null ? [] : ["revealRun", "showLog"];
    const isMeasuring = stored?.run != null && this.measurements.has(JSON.stringify(stored.run.config));
    const judging: PanelAction[] =
      stored?.run == null
        ? []
        : [
            ...(stored.hasCheckpoint ? (["evaluate"] as const) : []),
            isMeasuring ? "cancelMeasurement" : "measureMemory",
          ];
    switch (shownState(stored, training)) {
      case "queued":
      case "starting":
        return ["stop", ...onDisk];
      case "running":
        // Trained by another process: it can be watched.
        return training === null ? [...onDisk, ...judging] : ["pause", "stop", ...onDisk, ...judging];
      case "paused":
        return training === null ? [...onDisk, ...judging] : ["resume", "stop", ...onDisk, ...judging];
      case "stopping":
        return onDisk;
      case "stopped":
      case "finished":
      case "failed":
      case "interrupted": {
        const canGoOn = stored?.run != null && stored.hasCheckpoint && training === null;
        return [
          ...(canGoOn ? (["resumeFromCheckpoint"] as const) : []),
          ...onDisk,
          ...judging,
          ...(training === null ? (["deleteRun"] as const) : []),
        ];
      }
    }
  }
}
