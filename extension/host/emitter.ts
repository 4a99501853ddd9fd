/** Can be ended: a subscription, a process, a view. */
export interface Disposable {
  dispose(): void;
}

/** A minimal event emitter: code below `host` runs, and is tested, without VS Code's own one. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** Calls `listener` with every value until it is disposed. */
  readonly on = (listener: (value: T) => void): Disposable => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}
