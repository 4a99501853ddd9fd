import type { Line } from "../protocol/lines";
import type { HostMessage, TrainerMessage } from "../protocol/trainer";
import { explainExit } from "./exitReason";
import { Emitter } from "./emitter";
import { type Trouble, Watchdog } from "./watchdog";
import { TrainerProcess } from "./trainerProcess";
import { afterEvent, initialState, isOver, type TrainingEvent, type TrainingState } from "./trainingState";

/** The least number of seconds that a trainer is given to stop by itself. */
const minimumStopTimeout = 10;

/** The trainer's message that a training has started: the run folder, the first and the last step, and the engine. */
export type StartedMessage = Extract<TrainerMessage, { type: "started" }>;

export interface TrainerSessionOptions {
  /** Path of trainer.js. */
  readonly program: string;
  /** The folder below which a new run's folder is created. */
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly command: Extract<HostMessage, { type: "train" | "resume" }>;
  readonly log: (level: "info" | "warning", text: string) => void;
  readonly now?: () => number;
}

/**
 * Owns one training in a trainer process: its process, its {@link TrainingState} and its {@link Watchdog}; sends the commands to the
 * trainer.
 */
export class TrainerSession {
  private readonly process: TrainerProcess;
  private readonly watchdog: Watchdog;
  private current: TrainingState = initialState;
  private stopTimeout = minimumStopTimeout;
  private readonly stateEmitter = new Emitter<TrainingState>();
  private readonly lineEmitter = new Emitter<readonly Line[]>();
  private readonly troubleEmitter = new Emitter<Trouble>();
  private readonly warningEmitter = new Emitter<string>();
  /** Null until the run's folder is on disk and its engine is running. */
  started: StartedMessage | null = null;

  /** Called after every change of the state. */
  readonly onState = this.stateEmitter.on;
  /** Called with every JSON line of the trainer, in order, in batches. */
  readonly onLines = this.lineEmitter.on;
  /** Called when the {@link Watchdog} finds that the trainer sends no heartbeats or completes no steps. */
  readonly onTrouble = this.troubleEmitter.on;
  /** Called with messages for the user, such as one about a file that is skipped. */
  readonly onWarning = this.warningEmitter.on;
  /** Settles once the training is over and the process has exited. */
  readonly over: Promise<TrainingState>;

  constructor(private readonly options: TrainerSessionOptions) {
    const { program, cwd, env, command: order, log, now = Date.now } = options;
    this.watchdog = new Watchdog({ now, onTrouble: (trouble) => this.troubleEmitter.fire(trouble) });
    this.process = new TrainerProcess({
      program,
      cwd,
      ...(env && { env }),
      onMessage: (message) => this.handle(message),
      onBeat: () => this.watchdog.heartbeat(),
      onOutput: (line) => log("info", line),
      explain: explainExit,
    });
    this.process.hello.then(
      () => {
        // The user stopped the training before the trainer was ready, so no run is started.
        if (this.current.name === "stopping") this.process.release();
        else this.process.send(order);
      },
      (error: unknown) => log("warning", String(error)),
    );
    this.over = this.process.gone.then((failure) => {
      this.watchdog.stop();
      this.transition({ type: "exited", failure });
      return this.current;
    });
  }

  get state(): TrainingState {
    return this.current;
  }

  /** Whether the run's folder is on disk. A failure before that is reported by {@link Training.afterFirstStep}. */
  get hasStarted(): boolean {
    return this.started !== null;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Pauses within a step, before its next loss term; resolves when the training is paused or over. */
  pause(): Promise<void> {
    this.process.send({ type: "pause" });
    return this.reaches("paused");
  }

  /** Resolves when the training runs again, or is over. */
  resume(): Promise<void> {
    this.process.send({ type: "continue" });
    return this.reaches("running");
  }

  /** Stops within a step, before its next loss term, with a checkpoint of the last complete step; resolves when the process has exited. */
  async stop(): Promise<void> {
    this.transition({ type: "stopRequested" });
    this.process.send({ type: "stop" });
    this.process.end(Math.max(minimumStopTimeout, this.stopTimeout));
    await this.over;
  }

  /** Kills a trainer that does not respond. Steps since its last checkpoint are lost. */
  kill(): void {
    this.transition({ type: "stopRequested" });
    this.process.end(0);
  }

  /** Stops warning about a trainer that hangs until its next step, because the user chose to wait. */
  wait(): void {
    this.watchdog.suspend();
  }

  /** Closes the channel to the trainer, which then saves a checkpoint and exits by itself. */
  dispose(): void {
    this.watchdog.stop();
    this.process.release();
  }

  private handle(message: TrainerMessage): void {
    switch (message.type) {
      case "lines":
        this.handleLines(message.lines);
        this.process.send({ type: "received", batch: message.batch });
        break;
      case "patience":
        this.stopTimeout = message.seconds;
        break;
      case "note":
        this.options.log(message.level, message.text);
        if (message.level === "warning") this.warningEmitter.fire(message.text);
        this.transition(message);
        break;
      case "started":
        this.started = message;
        this.transition(message);
        break;
      case "state":
        if (message.state === "running") this.watchdog.expectStep();
        else this.watchdog.suspend();
        this.transition(message);
        break;
      case "hello":
      case "ended":
        this.transition(message);
        break;
      case "progress":
      case "answer":
        // Replies to requests; a training process gets no requests.
        break;
    }
  }

  private handleLines(lines: readonly Line[]): void {
    for (const line of lines) if (line.type === "step") this.watchdog.stepDone(line.seconds);
    this.lineEmitter.fire(lines);
  }

  private transition(event: TrainingEvent): void {
    const next = afterEvent(this.current, event);
    const isChange = next !== this.current || event.type === "started";
    this.current = next;
    if (isOver(next)) this.watchdog.stop();
    if (isChange) this.stateEmitter.fire(next);
  }

  private reaches(name: "paused" | "running"): Promise<void> {
    if (this.current.name === name || isOver(this.current)) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.onState((state) => {
        if (state.name !== name && !isOver(state)) return;
        subscription.dispose();
        resolve();
      });
    });
  }
}
