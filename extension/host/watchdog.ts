import { heartbeatInterval } from "../protocol/pipes";

/** `silent`: the process sends no heartbeats. `stuck`: it sends them, but no step completes. */
export type Trouble = "silent" | "stuck";

/** Milliseconds without a heartbeat after which a trainer is silent: the whole process hangs, or the machine swaps. */
const silentAfter = 15 * heartbeatInterval;

/** A trainer counts as stuck when a step takes more than `times` the longest step so far, and more than `atLeast` milliseconds. */
const stuckAfter = { times: 10, atLeast: 120_000 };

/** Milliseconds between two checks. */
const checkInterval = 2000;

export interface WatchdogOptions {
  /** Called once for each trouble; called again only after a step was completed or the user chose to wait. */
  readonly onTrouble: (trouble: Trouble) => void;
  readonly now: () => number;
}

/** Detects a trainer that hangs, from its heartbeats and the durations of its steps. Owns the timer that checks them. */
export class Watchdog {
  private lastHeartbeat: number;
  /** When the last step was completed or the training started; null while no step is expected. */
  private lastStep: number | null = null;
  private longestStep = 0;
  private reported: Trouble | null = null;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: WatchdogOptions) {
    this.lastHeartbeat = options.now();
    this.timer = setInterval(() => this.check(), checkInterval);
  }

  heartbeat(): void {
    this.lastHeartbeat = this.options.now();
  }

  /** A step was completed. */
  stepDone(seconds: number): void {
    this.longestStep = Math.max(this.longestStep, seconds * 1000);
    this.expectStep();
  }

  /** The training starts, or goes on after a pause: from now on a step is expected. */
  expectStep(): void {
    this.lastStep = this.options.now();
    this.reported = null;
  }

  /**
   * The training is paused, or the user chose to wait: until the next step the trainer does not count as stuck, and the time without
   * heartbeats counts from now.
   */
  suspend(): void {
    this.lastStep = null;
    this.lastHeartbeat = this.options.now();
    this.reported = null;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The trouble that the trainer is in at this moment; null for none. */
  get trouble(): Trouble | null {
    const now = this.options.now();
    if (now - this.lastHeartbeat > silentAfter) return "silent";
    const limit = Math.max(stuckAfter.atLeast, stuckAfter.times * this.longestStep);
    return this.lastStep !== null && now - this.lastStep > limit ? "stuck" : null;
  }

  private check(): void {
    const { trouble } = this;
    if (trouble === null || trouble === this.reported) return;
    this.reported = trouble;
    this.options.onTrouble(trouble);
  }
}
