/** TensorFlow's status RESOURCE_EXHAUSTED, as tfjs-node's binding words it. */
const exhausted = /^Invalid TF_Status: 8\b/;

/** The engine found no memory for a tensor: the system's, or a GPU's. */
export class OutOfMemory extends Error {
  /** @param tensor its shape, where that is known */
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

/** What went wrong in an operation of TensorFlow, with a name for it where memory ran out. */
export function named(error: unknown): unknown {
  if (!(error instanceof Error) || !exhausted.test(error.message)) return error;
  const shape = /shape\[([\d,]+)\]/.exec(error.message)?.[1];
  return new OutOfMemory(shape?.split(",").map(Number) ?? null, error);
}
