/** Blocks a training while it is paused. */
export class PauseGate {
  private resolve: (() => void) | null = null;
  /** Resolves when the gate is opened; null while it is open. */
  private opened: Promise<void> | null = null;

  constructor(
    /** Called when the training begins to wait, with the reason unless the user paused it, and when it continues. */
    private readonly onState: (state: "paused" | "running", why?: string) => void = () => undefined,
  ) {}

  get isClosed(): boolean {
    return this.opened !== null;
  }

  close(): void {
    this.opened ??= new Promise((resolve) => (this.resolve = resolve));
  }

  open(): void {
    this.resolve?.();
    this.resolve = null;
    this.opened = null;
  }

  /**
   * Repeats an attempt that failed for a passing reason, such as a full disk. Meanwhile the training is shown as paused. The next
   * attempt is made after `interval` milliseconds, when the gate is opened, and a last time when the signal is aborted.
   *
   * @param why the reason, for the user
   * @param isPassing whether an error allows another attempt; other errors are thrown
   */
  async retry<T>(
    attempt: () => Promise<T>,
    why: string,
    isPassing: (error: unknown) => boolean,
    interval: number,
    signal: AbortSignal,
  ): Promise<T> {
    const open = (): void => this.open();
    signal.addEventListener("abort", open);
    this.onState("paused", why);
    try {
      for (;;) {
        this.close();
        const timer = setTimeout(open, interval);
        await this.opened;
        clearTimeout(timer);
        try {
          return await attempt();
        } catch (error) {
          if (signal.aborted || !isPassing(error)) throw error;
        }
      }
    } finally {
      this.onState("running");
      signal.removeEventListener("abort", open);
    }
  }

  /** Waits until the gate is open or the signal is aborted. */
  async waitUntilOpen(signal: AbortSignal): Promise<void> {
    const open = (): void => this.open();
    signal.addEventListener("abort", open);
    this.onState("paused");
    // A loop: the gate may have been closed again before this function continued.
    while (this.opened !== null) await this.opened;
    this.onState("running");
    signal.removeEventListener("abort", open);
  }
}
