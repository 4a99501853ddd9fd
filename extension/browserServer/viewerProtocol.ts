import type { Failure } from "../protocol/errors";

/** Starts the server of `revgan view`: the first message to its process, and the only one. */
export interface ViewRequest {
  /** Working directory of the command. Without `run` the runs in its `.revgan/runs` are shown. */
  readonly cwd: string;
  /** The run to show first; its siblings are listed too. Null for those of `cwd`. */
  readonly run: string | null;
  /** Null for any free one. */
  readonly port: number | null;
}

/** From the server's process. */
export type ViewerMessage =
  | {
      readonly type: "listening";
      /** Contains the secret. */
      readonly address: string;
      /** The folder that contains the runs. */
      readonly folder: string;
    }
  /** A request failed; the server continues. */
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "failed"; readonly error: Failure };
