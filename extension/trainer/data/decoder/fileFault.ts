import type { FileProblem } from "../dataset/listing";

/** `file`: the file is at fault; `disk`: it could not be written; `full`: there is no room for it; `exists`: it is there already. */
export interface Failure {
  readonly kind: "file" | "disk" | "full" | "exists";
  readonly message: string;
  readonly remedy: string;
}

/** Inside the decoder process: what is wrong with a file, in words for the user. */
export class FileFault extends Error {
  /**
   * @param message names the file and says what happened
   * @param remedy what to do
   */
  constructor(
    message: string,
    readonly remedy: string,
    readonly kind: Failure["kind"] = "file",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function faultOf({ file, reason, remedy }: FileProblem): FileFault {
  return new FileFault(`${file} ${reason}`, remedy);
}
