import { RevganError } from "../../protocol/errors";
import { DeviceLost } from "../kernels/deviceLost";
import { OutOfMemory } from "../kernels/outOfMemory";

/** The remedy where memory ran out and no better remedy is known. */
export const smaller = "close other programs, or use smaller pictures or a smaller network";

/** The error for the user where an engine failed outside of a training step: memory ran out, or the GPU was lost; null for other errors. */
export function engineFailure(error: unknown): RevganError | null {
  if (error instanceof OutOfMemory) return new RevganError("memory", error.message, smaller, { cause: error });
  if (error instanceof DeviceLost)
    return new RevganError(
      "engine",
      error.message,
      "try again; if it happens again, see whether the GPU's driver works, or use another engine",
      { cause: error },
    );
  return null;
}
