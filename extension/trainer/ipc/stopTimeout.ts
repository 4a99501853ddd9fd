/** How long a stop may take. The event loop is blocked during a term; the current and the next one may have to finish, and a checkpoint is written. */
export class StopTimeout {
  private readonly longest = { term: 0, checkpoint: 0 };
  private reported = 0;

  /** Three times the longest term so far, plus the longest checkpoint. */
  get seconds(): number {
    return 3 * this.longest.term + this.longest.checkpoint;
  }

  /** Returns whether `seconds` has grown by more than a fifth since that was last returned. */
  record(what: "term" | "checkpoint", seconds: number): boolean {
    this.longest[what] = Math.max(this.longest[what], seconds);
    if (this.seconds <= this.reported * 1.2) return false;
    this.reported = this.seconds;
    return true;
  }
}
