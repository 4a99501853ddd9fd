/**
 * Computes how long a stop of the training may take. A loss term blocks the event loop while it is computed, so the current and the next
 * term may have to finish before the message is handled, and then a checkpoint is written.
 */
export class StopTimeout {
  private readonly longest = { term: 0, checkpoint: 0 };
  private reported = 0;

  /** The time of a stop: three times the longest term so far, plus the longest checkpoint. */
  get seconds(): number {
    return 3 * this.longest.term + this.longest.checkpoint;
  }

  /** Records a duration. Returns true when `seconds` has grown by more than a fifth since `record` last returned true. */
  record(what: "term" | "checkpoint", seconds: number): boolean {
    this.longest[what] = Math.max(this.longest[what], seconds);
    if (this.seconds <= this.reported * 1.2) return false;
    this.reported = this.seconds;
    return true;
  }
}
