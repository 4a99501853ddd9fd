/** Sizes along the axes; activations are channels-last: `[n, h, w, c]` for images, `[n, d, h, w, c]` for volumes. */
export type Shape = readonly number[];

/** Number of elements of a tensor of this shape. */
export function elements(shape: Shape): number {
  let product = 1;
  for (let axis = 0; axis < shape.length; axis++) product *= shape[axis]!;
  return product;
}

/** Bytes of a float32 tensor of this shape. */
export function bytesOf(shape: Shape): number {
  return 4 * elements(shape);
}

/** The spatial sizes of an activation: all but the batch and the channels. */
export function spatial(shape: Shape): Shape {
  return shape.slice(1, -1);
}

/** The last axis of an activation. */
export function channels(shape: Shape): number {
  return shape[shape.length - 1]!;
}

/**
 * A float32 array in the engine's memory, immutable but for the optimiser. Whoever receives one from a function owns it and
 * disposes it, once. Functions borrow the tensors that they are given, unless their docstring says that they consume them.
 */
export class Tensor {
  readonly bytes: number;
  private disposed = false;
  /** The part that it belongs to in a ledger, by its place there; null where it is in none. The ledger's own. */
  partIndex: number | null = null;

  /**
   * @param shape sizes along the axes
   * @param engineHandle what the engine that made the tensor knows it by
   * @param release frees the memory
   */
  constructor(
    readonly shape: Shape,
    private engineHandle: unknown,
    private readonly release: (tensor: Tensor) => void,
  ) {
    this.bytes = bytesOf(shape);
  }

  /** The engine's own name for the tensor. Throws when the tensor was disposed: that is a fault in the caller. */
  get handle(): unknown {
    if (this.disposed) throw new Error(`tensor [${this.shape.join(", ")}] was used after it was disposed`);
    return this.engineHandle;
  }

  /** Puts a new value of the same shape in the place of the old one, which the engine has freed. For the optimiser alone. */
  replaceHandle(handle: unknown): void {
    this.engineHandle = handle;
  }

  /** Frees the memory. Throws when called twice: two owners are a fault. */
  dispose(): void {
    if (this.disposed) throw new Error(`tensor [${this.shape.join(", ")}] was disposed twice`);
    this.release(this);
    this.disposed = true;
  }
}

/** A tensor in host memory, row-major. */
export interface HostTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Disposes what is there; for results that may be absent. */
export function dispose(...tensors: (Tensor | null | undefined)[]): void {
  for (const tensor of tensors) tensor?.dispose();
}
