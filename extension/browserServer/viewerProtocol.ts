import type { Failure } from "../protocol/errors";

/** What the server of `revgan view` is asked for. One question a process. */
export interface ViewRequest {
  /** Where the command was given: runs without a name are in its `.revgan/runs`. */
  readonly cwd: string;
  /** The run to show first, beside its siblings; null for all of this folder. */
  readonly run: string | null;
  /** Null for any free one. */
  readonly port: number | null;
}

/** What it says. */
export type ViewerMessage =
  | {
      readonly type: "listening";
      /** With the secret that only who reads this knows. */
      readonly address: string;
      /** Whose subfolders are shown. */
      readonly folder: string;
    }
  /** A request went wrong; the server goes on. */
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "failed"; readonly error: Failure };
