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
  /** The process's working folder, below which a new run's folder is created. */
  readonly cwd: string;
  /** The environment; this process's by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onMessage: (message: TrainerMessage) => void;
  readonly onBeat?: () => void;
  /** Called with each line of the trainer's stdout and stderr. */
  readonly onOutput: (line: string) => void;
  /** Makes an error of the way in which the process ended. */
  readonly explain: (end: ProcessEnd) => Failure;
}

/** Owns one trainer process: parses its messages, waits for its `hello`, and kills it if it does not exit in time. */
export class TrainerProcess {
  private readonly child: Subprocess;
  /** Set when the trainer sent a message that this version cannot parse; null otherwise. */
  private invalidMessage: RevganError | null = null;
  private onFirstMessage = (): void => undefined;
  /** Settles with the reason of its exit, after its last message was handled. */
  readonly gone: Promise<Failure>;
  /** Resolves at the trainer's first message; rejects with a RevganError when the process exits before it or sends no message for 15 s. */
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

  /** Sends a message. A failure to deliver it is ignored, because it means that the process has exited, which `gone` reports. */
  send(message: HostMessage): void {
    this.child.send(message);
  }

  /**
   * Gives the process `timeout` seconds to exit by itself; then sends SIGTERM, and 5 s later SIGKILL to it and the processes that it has
   * started.
   */
  end(timeout: number): void {
    this.child.end({ askAfter: timeout, killAfter: timeout + killDelay });
  }

  /** Closes the channel, at which the trainer exits by itself; ends it as {@link end} does if it has not exited after 5 s. */
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
      // The trainer is of another version, and cannot be controlled.
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
