/** Where a training waits while it is paused. */
export class Gate {
  private opened: (() => void) | null = null;
  private opening: Promise<void> | null = null;

  constructor(
    /** Told when the training has come to the gate and waits, for what if not for the user, and when it goes on. */
    private readonly reached: (state: "paused" | "running", why?: string) => void = () => undefined,
  ) {}

  get isClosed(): boolean {
    return this.opening !== null;
  }

  close(): void {
    this.opening ??= new Promise((resolve) => (this.opened = resolve));
  }

  open(): void {
    this.opened?.();
    this.opened = null;
    this.opening = null;
  }

  /**
   * Waits for what does not depend on the user, such as room on the disk: shows the training as paused, and tries every few seconds,
   * when the gate is opened, and once more when the signal says that there is nothing to wait for.
   *
   * @param why what is waited for, for the user
   * @param inVain whether it is to be tried again after an error; other errors are thrown
   * @param every milliseconds
   */
  async retried<T>(
    attempt: () => Promise<T>,
    why: string,
    inVain: (error: unknown) => boolean,
    every: number,
    signal: AbortSignal,
  ): Promise<T> {
    const open = (): void => this.open();
    signal.addEventListener("abort", open);
    this.reached("paused", why);
    try {
      for (;;) {
        this.close();
        const timer = setTimeout(open, every);
        await this.opening;
        clearTimeout(timer);
        try {
          return await attempt();
        } catch (error) {
          if (signal.aborted || !inVain(error)) throw error;
        }
      }
    } finally {
      this.reached("running");
      signal.removeEventListener("abort", open);
    }
  }

  /** Waits until the gate is open, or the signal says that there is nothing to wait for any more. */
  async passed(signal: AbortSignal): Promise<void> {
    const open = (): void => this.open();
    signal.addEventListener("abort", open);
    this.reached("paused");
    // Closed again before the waiting training noticed that it was open: it goes on waiting.
    while (this.opening !== null) await this.opening;
    this.reached("running");
    signal.removeEventListener("abort", open);
  }
}
