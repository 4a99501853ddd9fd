/** How long a stop may take: nothing is heard during a term, two terms may have to be finished, and a checkpoint is written. */
export class Patience {
  private readonly longest = { term: 0, checkpoint: 0 };
  private told = 0;

  /** The longest term seen times three, plus the longest checkpoint. */
  get seconds(): number {
    return 3 * this.longest.term + this.longest.checkpoint;
  }

  /** Returns whether it has grown so much that others should know. */
  note(what: "term" | "checkpoint", seconds: number): boolean {
    this.longest[what] = Math.max(this.longest[what], seconds);
    if (this.seconds <= this.told * 1.2) return false;
    this.told = this.seconds;
    return true;
  }
}
