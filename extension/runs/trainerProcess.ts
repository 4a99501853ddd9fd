import { type ChildProcess, fork } from "node:child_process";
import { RevganError } from "../protocol/errors";
import { heartbeatDescriptor } from "../protocol/heartbeat";
import { type HostMessage, parseTrainerMessage, type TrainerMessage } from "../protocol/trainer";
import { type Death, explainDeath } from "./death";

/** Seconds in which a trainer must say hello. */
const helloWithin = 15;

/** Characters of stderr that are kept to explain a death. */
const stderrKept = 8192;

/** Seconds between asking the system to end a process and ending it. */
const killAfter = 5;

/** Milliseconds after a process's end in which its last words may come. */
const lastWords = 500;

/** What a trainer's process is started with, and who hears of it. */
export interface TrainerOptions {
  /** Path of trainer.js. */
  readonly program: string;
  /** New runs are made below this folder. */
  readonly cwd: string;
  /** This process's by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onMessage: (message: TrainerMessage) => void;
  readonly onBeat?: () => void;
  /** A line of its stdout or stderr. */
  readonly onOutput: (line: string) => void;
}

/** One trainer process, from its start to its end. No shell is involved. */
export class TrainerProcess {
  private readonly child: ChildProcess;
  private stderr = "";
  private failedToStart: Error | null = null;
  private timers: NodeJS.Timeout[] = [];
  /** Settles once the process is gone, and all that it said was heard. */
  readonly gone: Promise<Death>;
  /** Settles with its hello; rejects with a RevganError when it ends, or says nothing for 15 s, before that. */
  readonly hello: Promise<void>;

  constructor(private readonly options: TrainerOptions) {
    // The host's flags (a debugger's port) are not for this child; "advanced" carries what JSON cannot.
    this.child = fork(options.program, [], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    });
    this.listen();
    this.gone = new Promise((resolve) => {
      const settle = (code: number | null, signal: string | null): void => {
        this.clearTimers();
        resolve({ code, signal, stderr: this.failedToStart?.message ?? this.stderr });
      };
      // Its last words come before "close", which never comes when a process that it started holds on to its pipes.
      this.child.once("exit", (code, signal) => {
        const timer = setTimeout(() => settle(code, signal), lastWords);
        this.child.once("close", () => {
          clearTimeout(timer);
          settle(code, signal);
        });
      });
      // A process that could not be made has no end.
      this.child.once("error", (error) => {
        this.failedToStart = error;
        if (this.child.pid === undefined) settle(null, null);
      });
    });
    this.hello = this.greeted();
    this.hello.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** A message that does not arrive is answered by the process's end. */
  send(message: HostMessage): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /**
   * The ladder: ends by itself within `patience` seconds, else is asked by the system, else is killed 5 s later, with what it
   * has started.
   */
  end(patience: number): void {
    this.clearTimers();
    this.timers.push(
      setTimeout(() => this.child.kill("SIGTERM"), patience * 1000),
      setTimeout(() => this.child.kill("SIGKILL"), (patience + killAfter) * 1000),
    );
    for (const timer of this.timers) timer.unref();
  }

  /** Lets go of a process without a task: it ends when its channel closes. */
  release(): void {
    if (this.child.connected) this.child.disconnect();
    this.end(killAfter);
  }

  private listen(): void {
    const { onBeat, onOutput } = this.options;
    this.child.on("message", (value) => this.heard(value));
    this.child.stdio[heartbeatDescriptor]?.on("data", () => onBeat?.());
    for (const stream of [this.child.stdout, this.child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (text: string) => {
        if (stream === this.child.stderr) this.stderr = (this.stderr + text).slice(-stderrKept);
        const lines = (rest + text).split("\n");
        rest = lines.pop()!.slice(-stderrKept);
        for (const line of lines) onOutput(line);
      });
    }
  }

  private heard(value: unknown): void {
    let message: TrainerMessage;
    try {
      message = parseTrainerMessage(value);
    } catch (error) {
      // A trainer of another version cannot be steered; that it cannot be is what explains its end.
      this.stderr = String(error);
      this.child.kill("SIGKILL");
      return;
    }
    this.options.onMessage(message);
  }

  private greeted(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new RevganError(
            "internal",
            `the trainer did not start within ${helloWithin} s`,
            "try again when the machine is less busy; look into the log",
          ),
        );
        this.child.kill("SIGKILL");
      }, helloWithin * 1000);
      this.child.once("message", () => {
        clearTimeout(timer);
        resolve();
      });
      void this.gone.then((death) => {
        clearTimeout(timer);
        const { message, remedy } = explainDeath(death);
        reject(new RevganError("internal", message, remedy));
      });
    });
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }
}
