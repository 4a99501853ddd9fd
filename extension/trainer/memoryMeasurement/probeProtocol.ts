import type { Config } from "../../configuration/config";
import type { Failure } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import type { Measured } from "./measureStep";

/** What a probe is asked for: the memory of a step of this network. One question a process. */
export interface ProbeRequest {
  readonly config: Config;
}

/** What a probe found, and on which engine. */
export interface Probed extends Measured {
  readonly engine: EngineLine["name"];
}

/** What a probe says: which engine it took, and then what it found. */
export type ProbeMessage =
  | { readonly type: "engine"; readonly why: string }
  | { readonly type: "measured"; readonly measured: Probed }
  | { readonly type: "failed"; readonly error: Failure };
