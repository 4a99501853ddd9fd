/** TensorFlow's status RESOURCE_EXHAUSTED, as tfjs-node's binding words it. */
const exhausted = /^Invalid TF_Status: 8\b/;

/** The engine could not allocate a tensor in host or GPU memory. */
export class OutOfMemory extends Error {
  /** @param tensor the shape of the tensor that could not be allocated; null if it is not known */
  constructor(
    readonly tensor: readonly number[] | null,
    cause: Error,
  ) {
    super(
      `memory ran out: there was none for ${tensor === null ? "what it computes" : `a tensor of ${tensor.join(" × ")}`}`,
      { cause },
    );
  }
}

/** Turns an error of a TensorFlow operation into {@link OutOfMemory} where its status says so; other errors are returned as they are. */
export function toOutOfMemory(error: unknown): unknown {
  if (!(error instanceof Error) || !exhausted.test(error.message)) return error;
  const shape = /shape\[([\d,]+)\]/.exec(error.message)?.[1];
  return new OutOfMemory(shape?.split(",").map(Number) ?? null, error);
}
