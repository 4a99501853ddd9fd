/** Where a training waits while it is paused. */
export class Gate {
  private opened: (() => void) | null = null;
  private opening: Promise<void> | null = null;

  constructor(
    /** Told when the training has come to the gate and waits, and when it goes on. */
    private readonly reached: (state: "paused" | "running") => void = () => undefined,
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
