/** The kinds of failures of RevGAN's programs, as named in JSON lines and notifications, with the exit code of each. */
export const errorCodes = {
  /** A command was used wrongly, for example with an unknown option. */
  usage: 2,
  /** The configuration has an unknown key, a wrong type or a value out of range. */
  config: 2,
  /** The data set, or one of its files, cannot be used. */
  data: 2,
  /** A file given for translation, weights or evaluation cannot be used. */
  input: 2,
  /** There is no such run, the folder is no run, or the folder of a new run is not empty. */
  run: 2,
  /** Another process is training this run. */
  locked: 2,
  /** A checkpoint or weights file is damaged or does not fit the network. */
  checkpoint: 2,
  /** No engine works on this machine, or the requested engine does not. */
  engine: 1,
  /** A download failed or did not match its SHA-256. */
  download: 1,
  /** The disk is full or refuses to be written. */
  disk: 1,
  /** A tensor could not be allocated, because memory ran out. */
  memory: 1,
  /** A loss became NaN or infinite. */
  diverged: 1,
  /** Another process of the same training hangs or is gone. */
  ranks: 1,
  /** The user asked to stop. */
  interrupted: 130,
  /** A fault of the program itself. */
  internal: 1,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The fields of a {@link RevganError} that are sent between processes. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/** An error for the user: what happened, in words that a newcomer understands, and what to do about it. */
export class RevganError extends Error {
  override readonly name = "RevganError";
  /**
   * A `key=value` for `revgan resume --set`. The failed run resumes from its checkpoint with it; without it the same failure would come
   * again.
   */
  readonly resumeWith: string | undefined;

  /**
   * @param code which kind of failure
   * @param message what happened, to which file or key; one sentence without a final stop
   * @param remedy what to do; one imperative sentence without a final stop
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions & { readonly resumeWith?: string },
  ) {
    super(message, options);
    this.resumeWith = options?.resumeWith;
  }

  /** The error that another process reported. */
  static of({ code, message, remedy }: Failure): RevganError {
    return new RevganError(code, message, remedy);
  }

  /**
   * Returns a RevganError as it is, and wraps any other error into one of code `internal` with the first line of its message.
   * @param what beginning of that message, such as "the viewer failed: "
   */
  static from(error: unknown, remedy: string, what = ""): RevganError {
    if (error instanceof RevganError) return error;
    const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    return new RevganError("internal", `${what}${message}`, remedy, { cause: error });
  }

  /** The fields to send to another process, which makes the error from them by {@link of}. */
  get failure(): Failure {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }

  /** 2 for wrong use or input, 1 for a failure, 130 for an interruption. */
  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** An error that the user can fix while the training waits; nothing is lost. */
export abstract class TransientError extends RevganError {
  /** The condition under which the training can go on, worded to follow "until" in a message. */
  abstract readonly end: string;
}

/** The disk or the user's quota on it is full. Files that were written before are complete, and writing may succeed later. */
export class DiskFull extends TransientError {
  override readonly end = "there is room";

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super("disk", message, remedy, options);
  }
}

/** A data folder has disappeared during training, for example because a disk was unplugged or a server cannot be reached. */
export class DataGone extends TransientError {
  override readonly end = "it is back";

  constructor(folder: string, options?: ErrorOptions) {
    super("data", `the data folder ${folder} is gone`, "bring it back", options);
  }
}

/**
 * Makes a sentence of an error's message or remedy: adds the capital letter and the full stop, which these lack because the command line
 * joins them in one line.
 */
export function asSentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(start) || start === "" ? start : `${start}.`;
}

/** Remedies of `engine status` for an engine that can be installed; the Doctor offers the same. */
export const installRemedies = {
  native: "run `revgan engine install`",
  "native-gpu": "run `revgan engine install --gpu`",
  webgpu: "run `revgan engine install --webgpu`",
  mpi: "run `revgan engine install --mpi` to train on several processes",
} as const;
