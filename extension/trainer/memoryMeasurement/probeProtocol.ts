import type { Config } from "../../configuration/config";
import type { Failure } from "../../protocol/errors";
import type { EngineName } from "../../protocol/lines";
import type { Rates } from "../planning/rates";
import type { Measured } from "./measureStep";

/**
 * To the probe: measure the memory of a step of this network, or how fast kernels run on the engine and threads that it would be trained
 * on. One request a process.
 */
export interface ProbeRequest {
  readonly measure: "memory" | "rates";
  readonly config: Config;
}

/** A measurement, and the engine that it was made on. */
export interface Probed extends Measured {
  readonly engine: EngineName;
}

/** From the probe: the engine that it chose, then the measurement or a failure. */
export type ProbeMessage =
  | { readonly type: "engine"; readonly why: string }
  | { readonly type: "measured"; readonly measured: Probed }
  | { readonly type: "rates"; readonly rates: Rates }
  | { readonly type: "failed"; readonly error: Failure };
