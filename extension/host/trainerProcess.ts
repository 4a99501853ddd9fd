import type { ProcessEnd } from "../processes/processEnd";
import { Subprocess } from "../processes/subprocess";
import { type Failure, RevganError } from "../protocol/errors";
import { type HostMessage, parseTrainerMessage, type TrainerMessage } from "../protocol/trainer";

/** Seconds within which a trainer must send `hello`. */
const helloTimeout = 15;

/** Seconds between SIGTERM and SIGKILL. */
const killDelay = 5;

/** A trainer's process and its listeners. */
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
  /** Explains its exit. */
  readonly explain: (end: ProcessEnd) => Failure;
}

/** Owns one trainer process: parses its messages, waits for its `hello`, and ends it by deadlines. */
export class TrainerProcess {
  private readonly child: Subprocess;
  /** The trainer sent a message that this version cannot parse. */
  private invalidMessage: RevganError | null = null;
  private onFirstMessage = (): void => undefined;
  /** Settles with the reason of its exit, after its last message was handled. */
  readonly gone: Promise<Failure>;
  /** Settles with the first message; rejects with a RevganError when the process exits before it, or sends none for 15 s. */
  readonly hello: Promise<void>;

  constructor(private readonly options: TrainerOptions) {
    const { program, cwd, env, onBeat, onOutput, explain } = options;
    this.child = Subprocess.fork({
      name: "the trainer",
      program,
      cwd,
      env,
      ownGroup: true,
      onMessage: (value) => this.handle(value),
      onLine: onOutput,
      onBeat: onBeat ?? (() => undefined),
    });
    this.gone = this.child.gone.then(
      (end) => this.invalidMessage?.failure ?? explain(end),
      (error: unknown) => (error as RevganError).failure,
    );
    this.hello = this.firstMessage();
    this.hello.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Errors are ignored: a message that cannot be delivered means that the process has exited, which `gone` reports. */
  send(message: HostMessage): void {
    this.child.send(message);
  }

  /**
   * Expects the process to exit within `timeout` seconds; then sends SIGTERM, and 5 s later SIGKILL, also to the processes that it
   * has started.
   */
  end(timeout: number): void {
    this.child.end({ askAfter: timeout, killAfter: timeout + killDelay });
  }

  /** Closes the channel, at which an idle trainer exits; kills it if it does not. */
  release(): void {
    this.child.disconnect();
    this.end(killDelay);
  }

  private handle(value: unknown): void {
    this.onFirstMessage();
    let message: TrainerMessage;
    try {
      message = parseTrainerMessage(value);
    } catch (error) {
      // A trainer of another version cannot be controlled.
      this.invalidMessage = new RevganError("internal", (error as Error).message, "reload the window", {
        cause: error,
      });
      this.child.kill();
      return;
    }
    this.options.onMessage(message);
  }

  private firstMessage(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new RevganError(
            "internal",
            `the trainer did not start within ${helloTimeout} s`,
            "try again when the machine is less busy; look into the log",
          ),
        );
        this.child.kill();
      }, helloTimeout * 1000);
      this.onFirstMessage = () => {
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
