import type { Config } from "../configuration/config";
import { RevganError } from "../protocol/errors";
import type { Line } from "../protocol/lines";
import type { TrainerFailure } from "../protocol/trainer";
import { Emitter } from "./emitter";
import { type SessionOptions, TrainingSession } from "./trainerSession";
import { isOver, type TrainingState } from "./trainingState";

/** What a training is started with. */
export interface TrainingOrder {
  readonly order: SessionOptions["order"];
  /** New runs are made below this folder. */
  readonly cwd: string;
  /** What it is called before it has a run folder. */
  readonly name: string;
  /** As far as it is known before the trainer fills it in. */
  readonly config: Config;
}

/** A training of this host: queued, or with a trainer of its own. */
export class Training {
  private trainer: TrainingSession | null = null;
  private cancelled = false;
  private readonly first: PromiseWithResolvers<string>;
  private readonly begun: PromiseWithResolvers<TrainingSession | null>;
  /** Settles when it is over, or was taken out of the queue. */
  readonly over: Promise<TrainingState>;

  constructor(
    /** Names it until it has a run folder. */
    private readonly temporaryId: string,
    readonly given: TrainingOrder,
  ) {
    this.first = withResolvers<string>();
    this.first.promise.catch(() => undefined);
    this.begun = withResolvers<TrainingSession | null>();
    this.over = this.begun.promise.then(async (session) => (session === null ? { name: "stopped" } : session.over));
    void this.over.then((state) => this.first.reject(whyNoStep(state)));
  }

  /** The run folder once there is one; before that a name that no folder has. */
  get id(): string {
    return this.folder ?? this.temporaryId;
  }

  /** Null until the run is on disk. */
  get folder(): string | null {
    if (this.given.order.type === "resume") return this.given.order.run;
    return this.trainer?.started?.run ?? null;
  }

  get session(): TrainingSession | null {
    return this.trainer;
  }

  /** Resolves with the run folder once a step is done; rejects with a RevganError when none will be. */
  get firstStep(): Promise<string> {
    return this.first.promise;
  }

  /** Waits for another training to end. */
  get isQueued(): boolean {
    return this.trainer === null && !this.cancelled;
  }

  begin(session: TrainingSession): void {
    this.trainer = session;
    session.onLines((lines) => {
      if (this.folder !== null && lines.some(({ type }) => type === "step" || type === "finished"))
        this.first.resolve(this.folder);
    });
    this.begun.resolve(session);
  }

  /** Stops it, or takes it out of the queue. Resolves when its process is gone. */
  async stop(): Promise<void> {
    if (this.trainer !== null) return this.trainer.stop();
    this.cancelled = true;
    this.begun.resolve(null);
  }
}

/** The trainings of this host: one at a time, the others wait for their turn. */
export class Trainings {
  private all: Training[] = [];
  private number = 0;
  private readonly failures = new Map<string, TrainerFailure>();
  private readonly changed = new Emitter<Training>();
  private readonly told = new Emitter<{ readonly training: Training; readonly lines: readonly Line[] }>();
  private readonly began = new Emitter<{ readonly training: Training; readonly session: TrainingSession }>();

  /** Told whenever a training's state, folder or place in the queue has changed, for the last time when it is over. */
  readonly onChange = this.changed.on;
  readonly onLines = this.told.on;
  /** Told when a training gets its trainer. */
  readonly onBegin = this.began.on;

  /** @param options `environment` is asked for at the start of each trainer */
  constructor(
    private readonly options: Pick<SessionOptions, "program" | "log"> & {
      readonly environment: () => NodeJS.ProcessEnv;
    },
  ) {}

  /** Those that are not over, the one that trains first. */
  get live(): readonly Training[] {
    return this.all;
  }

  /** The one that has a trainer. */
  get current(): Training | null {
    return this.all.find(({ session }) => session !== null) ?? null;
  }

  /** By run folder, or by the name that it has before there is one. */
  get(id: string): Training | undefined {
    return this.all.find((training) => training.id === id);
  }

  /** Why this host's last training of a run failed, which a trainer that was killed could not write into the run's folder. */
  failureOf(folder: string): TrainerFailure | null {
    return this.failures.get(folder) ?? null;
  }

  /** Starts a training, or queues it while another one runs. */
  start(given: TrainingOrder): Training {
    const training = new Training(`new:${++this.number}`, given);
    this.all.push(training);
    void training.over.then((state) => {
      this.all = this.all.filter((each) => each !== training);
      if (training.folder !== null && state.name === "failed") this.failures.set(training.folder, state.failure);
      this.changed.fire(training);
      this.next();
    });
    this.next();
    this.changed.fire(training);
    return training;
  }

  /** Lets every trainer end by itself. */
  dispose(): void {
    for (const { session } of this.all) session?.dispose();
  }

  private next(): void {
    const training = this.all[0];
    if (training === undefined || this.current !== null) return;
    const { program, log, environment } = this.options;
    const session = new TrainingSession({
      program,
      cwd: training.given.cwd,
      env: environment(),
      order: training.given.order,
      log,
    });
    session.onState(() => this.changed.fire(training));
    session.onLines((lines) => this.told.fire({ training, lines }));
    if (training.folder !== null) this.failures.delete(training.folder);
    this.began.fire({ training, session });
    training.begin(session);
  }
}

/** Why a training that is over never came to a step. */
function whyNoStep(state: TrainingState): RevganError {
  if (state.name === "failed") return RevganError.of(state.failure);
  if (isOver(state) && state.name === "finished")
    return new RevganError("run", "the run has reached its last step", "raise training.maxSteps to go on");
  return new RevganError("interrupted", "the training was stopped before its first step", "start it again");
}

/** Promise.withResolvers, which VS Code's oldest supported Node lacks. */
interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let [resolve, reject]: [(value: T) => void, (error: Error) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((onValue, onError) => ([resolve, reject] = [onValue, onError]));
  return { promise, resolve, reject };
}
