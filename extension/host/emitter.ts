/** Ends something: a subscription, a process, a view. */
export interface Disposable {
  dispose(): void;
}

/** Tells whoever asked to be told. VS Code's own emitter is not to be had here: runs are handled, and tested, without VS Code. */
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
