import type { ProcessEnd } from "../processes/processEnd";
import { Subprocess } from "../processes/subprocess";
import { type Failure, RevganError } from "../protocol/errors";
import { type HostMessage, parseTrainerMessage, type TrainerMessage } from "../protocol/trainer";

/** Seconds in which a trainer must say hello. */
const helloWithin = 15;

/** Seconds between asking the system to end a process and ending it. */
const killAfter = 5;

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
  /** What its end means, when it did not say so itself. */
  readonly explain: (end: ProcessEnd) => Failure;
}

/** One trainer process, from its start to its end. */
export class TrainerProcess {
  private readonly child: Subprocess;
  private misunderstood: RevganError | null = null;
  private greet = (): void => undefined;
  /** Settles with why it ended, once the process is gone and all that it said was heard. */
  readonly gone: Promise<Failure>;
  /** Settles with its hello; rejects with a RevganError when it ends, or says nothing for 15 s, before that. */
  readonly hello: Promise<void>;

  constructor(private readonly options: TrainerOptions) {
    const { program, cwd, env, onBeat, onOutput, explain } = options;
    this.child = Subprocess.fork({
      name: "the trainer",
      program,
      cwd,
      env,
      ownGroup: true,
      onMessage: (value) => this.heard(value),
      onLine: onOutput,
      onBeat: onBeat ?? (() => undefined),
    });
    this.gone = this.child.gone.then(
      (end) => this.misunderstood?.failure ?? explain(end),
      (error: unknown) => (error as RevganError).failure,
    );
    this.hello = this.greeted();
    this.hello.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** A message that does not arrive is answered by the process's end. */
  send(message: HostMessage): void {
    this.child.send(message);
  }

  /**
   * The ladder: ends by itself within `patience` seconds, else is asked by the system, else is killed 5 s later, with what it
   * has started.
   */
  end(patience: number): void {
    this.child.end({ askAfter: patience, killAfter: patience + killAfter });
  }

  /** Lets go of a process without a task: it ends when its channel closes. */
  release(): void {
    this.child.disconnect();
    this.end(killAfter);
  }

  private heard(value: unknown): void {
    this.greet();
    let message: TrainerMessage;
    try {
      message = parseTrainerMessage(value);
    } catch (error) {
      // A trainer of another version cannot be steered.
      this.misunderstood = new RevganError("internal", (error as Error).message, "reload the window", { cause: error });
      this.child.kill();
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
        this.child.kill();
      }, helloWithin * 1000);
      this.greet = () => {
        clearTimeout(timer);
        resolve();
      };
      void this.gone.then((failure) => {
        clearTimeout(timer);
        reject(RevganError.of(failure));
      });
    });
  }
}
