/**
 * How long a stop may take. A message is not handled while a term of the losses is computed, which blocks the event loop; the current
 * and the next term may have to finish, and a checkpoint is written.
 */
export class StopTimeout {
  private readonly longest = { term: 0, checkpoint: 0 };
  private reported = 0;

  /** Three times the longest term so far, plus the longest checkpoint. */
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
