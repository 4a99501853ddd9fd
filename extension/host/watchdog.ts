import { heartbeatInterval } from "../protocol/pipes";

/** What can be wrong with a trainer that has not ended. */
export type Trouble = "silent" | "stuck";

/** A heart that has not beaten for this many milliseconds is silent: the whole process hangs, or the machine swaps. */
const silentAfter = 15 * heartbeatInterval;

/** A training whose heart beats is stuck when a step takes this many times the longest seen, and this long at least, in milliseconds. */
const stuckAfter = { times: 10, atLeast: 120_000 };

/** Notices a trainer whose heart is silent, or whose heart beats and whose steps do not come. */
export class HeartMonitor {
  private lastBeat: number;
  private lastStep: number | null = null;
  private longestStep = 0;

  constructor(private readonly now: () => number) {
    this.lastBeat = now();
  }

  beat(): void {
    this.lastBeat = this.now();
  }

  /** A step came; or the training began or goes on after a pause, when a step cannot have come. */
  step(seconds: number): void {
    this.longestStep = Math.max(this.longestStep, seconds * 1000);
    this.lastStep = this.now();
  }

  /** Nothing is expected until the next step: paused, or the user chose to wait. */
  rest(): void {
    this.lastStep = null;
    this.lastBeat = this.now();
  }

  /** What is wrong now; null while all is well. */
  get trouble(): Trouble | null {
    if (this.now() - this.lastBeat > silentAfter) return "silent";
    const limit = Math.max(stuckAfter.atLeast, stuckAfter.times * this.longestStep);
    return this.lastStep !== null && this.now() - this.lastStep > limit ? "stuck" : null;
  }
}
