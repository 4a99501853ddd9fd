import type { Config } from "../../configuration/config";
import type { Failure } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import type { Measured } from "./measureStep";

/** To the probe: measure a step of this network. One request a process. */
export interface ProbeRequest {
  readonly config: Config;
}

/** A measurement, and the engine that it was made on. */
export interface Probed extends Measured {
  readonly engine: EngineLine["name"];
}

/** From the probe: the engine that it chose, then the measurement or a failure. */
export type ProbeMessage =
  | { readonly type: "engine"; readonly why: string }
  | { readonly type: "measured"; readonly measured: Probed }
  | { readonly type: "failed"; readonly error: Failure };
