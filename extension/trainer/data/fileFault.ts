import type { Failure } from "./decoderProtocol";
import type { FileProblem } from "./listing";

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
