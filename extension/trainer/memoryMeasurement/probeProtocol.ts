import type { Config } from "../../configuration/config";
import type { Failure } from "../../protocol/errors";
import type { EngineName } from "../../protocol/lines";
import type { Rates } from "../planning/rates";
import type { Measured } from "./measureStep";

/**
 * The message to the probe process: measure the memory of a training step of this network, or how fast kernels run on the engine and
 * threads that would train it. A process takes one request.
 */
export interface ProbeRequest {
  readonly measure: "memory" | "rates";
  readonly config: Config;
}

/** A measurement, and the engine that it was made on. */
export interface Probed extends Measured {
  readonly engine: EngineName;
}

/** The messages from the probe process: first the engine that it chose, then the measurement or a failure. */
export type ProbeMessage =
  | { readonly type: "engine"; readonly why: string }
  | { readonly type: "measured"; readonly measured: Probed }
  | { readonly type: "rates"; readonly rates: Rates }
  | { readonly type: "failed"; readonly error: Failure };
