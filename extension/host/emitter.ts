/** Something that its owner ends by `dispose`: a subscription, a process, a view. */
export interface Disposable {
  dispose(): void;
}

/** A minimal event emitter. The code in `host` uses it instead of VS Code's, so that it runs and is tested without VS Code. */
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
