import type { Line } from "../../protocol/lines";

/** Milliseconds between two batches: ten a second are as live as anyone can see. */
const interval = 100;

/** How long the end of a training waits for a host that does not answer, in milliseconds. */
const patience = 2000;

/**
 * Sends lines in batches, at most ten a second, one under way at a time. A slow reader gets fewer and larger batches: nothing is
 * lost and nothing piles up in the channel.
 */
export class LineBatches {
  private waiting: Line[] = [];
  private batch = 0;
  private received = 0;
  private timer: NodeJS.Timeout | null = null;
  private emptied: (() => void) | null = null;

  constructor(private readonly send: (batch: number, lines: Line[]) => void) {}

  add(line: Line): void {
    this.waiting.push(line);
    this.next();
  }

  /** The reader has this batch. */
  acknowledge(batch: number): void {
    this.received = Math.max(this.received, batch);
    this.next();
    if (this.isEmpty) this.emptied?.();
  }

  /** Resolves once the reader has every line, or does not seem to want them. */
  async drained(): Promise<void> {
    if (this.isEmpty) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => (this.emptied = resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, patience))),
    ]);
    clearTimeout(timer);
  }

  private get isEmpty(): boolean {
    return this.waiting.length === 0 && this.received === this.batch;
  }

  private next(): void {
    if (this.waiting.length === 0 || this.received < this.batch || this.timer !== null) return;
    this.send(++this.batch, this.waiting);
    this.waiting = [];
    this.timer = setTimeout(() => {
      this.timer = null;
      this.next();
    }, interval);
  }
}
