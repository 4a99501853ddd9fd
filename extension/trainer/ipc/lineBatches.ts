import type { Line } from "../../protocol/lines";

/** Milliseconds between two batches; people would not notice a faster display. */
const interval = 100;

/** Milliseconds for which the end of a training waits for the host's acknowledgement. */
const drainTimeout = 2000;

/**
 * Sends lines in batches, at most ten a second, each after the previous one was acknowledged. A slow reader gets fewer and larger
 * batches: no line is lost, and none are queued in the channel.
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

  /** Notes that the reader has received this batch. */
  acknowledge(batch: number): void {
    this.received = Math.max(this.received, batch);
    this.next();
    if (this.isEmpty) this.emptied?.();
  }

  /** Resolves when the reader has every line, or after a timeout. */
  async drained(): Promise<void> {
    if (this.isEmpty) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => (this.emptied = resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, drainTimeout))),
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
