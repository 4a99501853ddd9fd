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
 * A float32 array in the engine's memory, immutable except for the optimiser. The caller owns every tensor that a function returns and
 * disposes it once. Functions borrow their arguments, unless their docstring says that they consume them.
 */
export class Tensor {
  readonly bytes: number;
  private disposed = false;
  /** Index of the memory part under which a ledger counts the tensor; null if no ledger counts it. Only the ledger writes this. */
  partIndex: number | null = null;

  /**
   * @param shape sizes along the axes
   * @param engineHandle the engine's identifier of the tensor
   * @param release frees the memory
   */
  constructor(
    readonly shape: Shape,
    private engineHandle: unknown,
    private readonly release: (tensor: Tensor) => void,
  ) {
    this.bytes = bytesOf(shape);
  }

  /** The engine's handle. Throws when the tensor was disposed: that is a bug of the caller. */
  get handle(): unknown {
    if (this.disposed) throw new Error(`tensor [${this.shape.join(", ")}] was used after it was disposed`);
    return this.engineHandle;
  }

  /** Replaces the value by one of the same shape; the engine has freed the old one. For the optimiser alone. */
  replaceHandle(handle: unknown): void {
    this.engineHandle = handle;
  }

  /** Frees the memory. Throws when called twice: two owners are a bug. */
  dispose(): void {
    if (this.disposed) throw new Error(`tensor [${this.shape.join(", ")}] was disposed twice`);
    this.release(this);
    this.disposed = true;
  }
}

/** A float32 array in host memory, row-major. {@link Tensor}s are created from such arrays and read into them. */
export interface HostTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Disposes the tensors that are not null. */
export function dispose(...tensors: (Tensor | null | undefined)[]): void {
  for (const tensor of tensors) tensor?.dispose();
}
