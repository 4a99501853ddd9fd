import type { Config } from "../configuration/config";
import { RevganError } from "../protocol/errors";
import type { TrainerFailure } from "../protocol/trainer";
import { Emitter } from "./emitter";
import { type TrainerSessionOptions, TrainerSession } from "./trainerSession";
import { isOver, type TrainingState } from "./trainingState";

/** A training to be started. */
export interface TrainingRequest {
  readonly command: TrainerSessionOptions["command"];
  /** The folder below which a new run's folder is created. */
  readonly cwd: string;
  /** The name to show until the training has a run folder. */
  readonly name: string;
  /** The configuration as read from the file; the trainer fills in values that depend on the data. */
  readonly config: Config;
}

/**
 * One training of this window, from its place in the queue to its end: its identity, its {@link TrainerSession} once it was started, and
 * its outcome.
 */
export class Training {
  private trainer: TrainerSession | null = null;
  private isCancelled = false;
  private readonly first: PromiseWithResolvers<string>;
  /** Resolves with the training's session when it is started; with null when it was removed from the queue. */
  private readonly started: PromiseWithResolvers<TrainerSession | null>;
  /** Settles with the final state when the training is over or was removed from the queue. */
  readonly over: Promise<TrainingState>;

  constructor(
    /** The id until the training has a run folder. */
    private readonly temporaryId: string,
    readonly request: TrainingRequest,
  ) {
    this.first = withResolvers<string>();
    this.first.promise.catch(() => undefined);
    this.started = withResolvers<TrainerSession | null>();
    this.over = this.started.promise.then(async (session) => (session === null ? { name: "stopped" } : session.over));
    void this.over.then((state) => this.first.reject(whyNoStep(state)));
  }

  /** The run folder as soon as there is one; before that the temporary id, which cannot be the path of a folder. */
  get id(): string {
    return this.folder ?? this.temporaryId;
  }

  /** The run folder; null until it is on disk. */
  get folder(): string | null {
    if (this.request.command.type === "resume") return this.request.command.run;
    return this.trainer?.started?.run ?? null;
  }

  get session(): TrainerSession | null {
    return this.trainer;
  }

  /** Resolves with the run folder after the first step; rejects with a RevganError when the training ends before its first step. */
  get afterFirstStep(): Promise<string> {
    return this.first.promise;
  }

  /** Whether this training waits for another one to end. */
  get isQueued(): boolean {
    return this.trainer === null && !this.isCancelled;
  }

  start(session: TrainerSession): void {
    this.trainer = session;
    session.onLines((lines) => {
      if (this.folder !== null && lines.some(({ type }) => type === "step" || type === "finished"))
        this.first.resolve(this.folder);
    });
    this.started.resolve(session);
  }

  /** Stops the training, or removes it from the queue. Resolves when its process has exited. */
  async stop(): Promise<void> {
    if (this.trainer !== null) return this.trainer.stop();
    this.isCancelled = true;
    this.started.resolve(null);
  }
}

/** Owns the trainings of this window: runs one at a time, starts the next when one is over, and remembers why runs failed. */
export class TrainingQueue {
  private all: Training[] = [];
  private lastNumber = 0;
  private readonly failures = new Map<string, TrainerFailure>();
  private readonly changeEmitter = new Emitter<Training>();
  private readonly startEmitter = new Emitter<{ readonly training: Training; readonly session: TrainerSession }>();

  /** Called whenever a training's state, folder or place in the queue has changed. The last call for a training is when it is over. */
  readonly onChange = this.changeEmitter.on;
  /** Called when a training gets its trainer process. */
  readonly onStart = this.startEmitter.on;

  /** @param options `environment` is called at the start of each trainer */
  constructor(
    private readonly options: Pick<TrainerSessionOptions, "program" | "log"> & {
      readonly environment: () => NodeJS.ProcessEnv;
    },
  ) {}

  /** The trainings that are not over; the running one is first. */
  get live(): readonly Training[] {
    return this.all;
  }

  /** The training that has a trainer process; null while none has. */
  get current(): Training | null {
    return this.all.find(({ session }) => session !== null) ?? null;
  }

  /** @param id see {@link Training.id} */
  get(id: string): Training | undefined {
    return this.all.find((training) => training.id === id);
  }

  /** Why the last training of a run in this window failed. A trainer that was killed could not write it to the run's folder. */
  failureOf(folder: string): TrainerFailure | null {
    return this.failures.get(folder) ?? null;
  }

  /** Starts a training, or queues it while another one runs. */
  start(request: TrainingRequest): Training {
    const training = new Training(`new:${++this.lastNumber}`, request);
    this.all.push(training);
    void training.over.then((state) => {
      this.all = this.all.filter((each) => each !== training);
      if (training.folder !== null && state.name === "failed") this.failures.set(training.folder, state.failure);
      this.changeEmitter.fire(training);
      this.next();
    });
    this.next();
    this.changeEmitter.fire(training);
    return training;
  }

  /** Closes the channel to the running trainer, which then saves a checkpoint and exits by itself. */
  dispose(): void {
    for (const { session } of this.all) session?.dispose();
  }

  private next(): void {
    const training = this.all[0];
    if (training === undefined || this.current !== null) return;
    const { program, log, environment } = this.options;
    const session = new TrainerSession({
      program,
      cwd: training.request.cwd,
      env: environment(),
      command: training.request.command,
      log,
    });
    session.onState(() => this.changeEmitter.fire(training));
    if (training.folder !== null) this.failures.delete(training.folder);
    this.startEmitter.fire({ training, session });
    training.start(session);
  }
}

/** Why a training ended before its first step. */
function whyNoStep(state: TrainingState): RevganError {
  if (state.name === "failed") return RevganError.of(state.failure);
  if (isOver(state) && state.name === "finished")
    return new RevganError("run", "the run has reached its last step", "raise training.maxSteps to go on");
  return new RevganError("interrupted", "the training was stopped before its first step", "start it again");
}

/** `Promise.withResolvers`, which the Node of the oldest supported VS Code lacks. */
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
