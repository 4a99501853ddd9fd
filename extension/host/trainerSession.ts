import type { Line } from "../protocol/lines";
import type { HostMessage, TrainerMessage } from "../protocol/trainer";
import { explainDeath } from "./exitReason";
import { Emitter } from "./emitter";
import { HeartMonitor, type Trouble } from "./watchdog";
import { TrainerProcess } from "./trainerProcess";
import { afterEvent, initialState, isOver, type TrainingEvent, type TrainingState } from "./trainingState";

/** The least time that a trainer gets to stop by itself, in seconds. */
const leastPatience = 10;

/** Milliseconds between two looks at the trainer's heart. */
const lookEvery = 2000;

/** Where a training began, what runs it, and where it will end. */
export type Started = Extract<TrainerMessage, { type: "started" }>;

/** How a session is made. */
export interface SessionOptions {
  /** Path of trainer.js. */
  readonly program: string;
  /** New runs are made below this folder. */
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly order: Extract<HostMessage, { type: "train" | "resume" }>;
  /** A line for the log. */
  readonly log: (level: "info" | "warning", text: string) => void;
  readonly now?: () => number;
}

/** One training in a child process: its state, its lines, its troubles. */
export class TrainingSession {
  private readonly process: TrainerProcess;
  private readonly heart: HeartMonitor;
  private readonly watch: NodeJS.Timeout;
  private current: TrainingState = initialState;
  private patience = leastPatience;
  private troubled: Trouble | null = null;
  private readonly changed = new Emitter<TrainingState>();
  private readonly told = new Emitter<readonly Line[]>();
  private readonly trouble = new Emitter<Trouble>();
  private readonly warned = new Emitter<string>();
  /** Known once the run is on disk and its engine runs. */
  started: Started | null = null;

  /** Told after every change of the state. */
  readonly onState = this.changed.on;
  /** Takes every line of the published format, in order. */
  readonly onLines = this.told.on;
  /** Told once when the trainer's heart is silent or its steps do not come. */
  readonly onTrouble = this.trouble.on;
  /** What the user must know, such as a file that is left out. */
  readonly onWarning = this.warned.on;
  /** Settles once the training is over and its process gone. */
  readonly over: Promise<TrainingState>;

  constructor(private readonly options: SessionOptions) {
    const { program, cwd, env, order, log, now = Date.now } = options;
    this.heart = new HeartMonitor(now);
    this.process = new TrainerProcess({
      program,
      cwd,
      ...(env && { env }),
      onMessage: (message) => this.hear(message),
      onBeat: () => this.heart.beat(),
      onOutput: (line) => log("info", line),
      explain: explainDeath,
    });
    this.watch = setInterval(() => this.look(), lookEvery);
    this.process.hello.then(
      () => {
        // Who asked to stop before the trainer could hear it wants no run.
        if (this.current.name === "stopping") this.process.release();
        else this.process.send(order);
      },
      (error: unknown) => log("warning", String(error)),
    );
    this.over = this.process.gone.then((failure) => {
      clearInterval(this.watch);
      this.enter({ type: "gone", failure });
      return this.current;
    });
  }

  get state(): TrainingState {
    return this.current;
  }

  /** Whether it came as far as a run on disk; a failure before that is told to who asked for the training. */
  get hasStarted(): boolean {
    return this.started !== null;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** The training waits before its next term; resolves when it does, or when it is over. */
  pause(): Promise<void> {
    this.process.send({ type: "pause" });
    return this.reaches("paused");
  }

  resume(): Promise<void> {
    this.process.send({ type: "continue" });
    return this.reaches("running");
  }

  /** Stops at the next term, with a checkpoint of the last whole step; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.enter({ type: "stopAsked" });
    this.process.send({ type: "stop" });
    this.process.end(Math.max(leastPatience, this.patience));
    await this.over;
  }

  /** Ends a trainer that does not hear. What it has not written is lost; its checkpoints are not. */
  kill(): void {
    this.enter({ type: "stopAsked" });
    this.process.end(0);
  }

  /** The user wants to wait for a trainer in trouble. */
  wait(): void {
    this.troubled = null;
    this.heart.rest();
  }

  /** Leaves the trainer to end by itself: it does so when its channel closes, as when the window does. */
  dispose(): void {
    clearInterval(this.watch);
    this.process.release();
  }

  private hear(message: TrainerMessage): void {
    switch (message.type) {
      case "lines":
        this.heard(message.lines);
        this.process.send({ type: "received", batch: message.batch });
        break;
      case "patience":
        this.patience = message.seconds;
        break;
      case "note":
        this.options.log(message.level, message.text);
        if (message.level === "warning") this.warned.fire(message.text);
        this.enter(message);
        break;
      case "started":
        this.started = message;
        this.enter(message);
        break;
      case "state":
        if (message.state === "running") this.heart.step(0);
        else this.heart.rest();
        this.enter(message);
        break;
      case "hello":
      case "ended":
        this.enter(message);
        break;
      case "progress":
      case "answer":
        // Nothing was requested of this trainer.
        break;
    }
  }

  private heard(lines: readonly Line[]): void {
    for (const line of lines) if (line.type === "step") this.heart.step(line.seconds);
    this.troubled = null;
    this.told.fire(lines);
  }

  private look(): void {
    const { trouble } = this.heart;
    if (trouble === null || trouble === this.troubled || isOver(this.current)) return;
    this.troubled = trouble;
    this.trouble.fire(trouble);
  }

  private enter(event: TrainingEvent): void {
    const next = afterEvent(this.current, event);
    const isNews = next !== this.current || event.type === "started";
    this.current = next;
    if (isNews) this.changed.fire(next);
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
