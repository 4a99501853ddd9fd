import type { Failure } from "../protocol/errors";

/** The only message to the server process of `revgan view`, which starts the server. */
export interface ViewRequest {
  /** Working directory of the command. Without `run` the runs in its `.revgan/runs` are shown. */
  readonly cwd: string;
  /** The folder of the run to show first; the other runs in its parent folder are listed, too. Null for the runs of `cwd`. */
  readonly run: string | null;
  /** The port to listen on; null for any free port. */
  readonly port: number | null;
}

/** A message from the server process to the command. */
export type ViewerMessage =
  | {
      readonly type: "listening";
      /** The URL to open, with the secret. */
      readonly address: string;
      /** The folder that contains the runs. */
      readonly folder: string;
    }
  /** A request failed; the server continues. */
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "failed"; readonly error: Failure };
