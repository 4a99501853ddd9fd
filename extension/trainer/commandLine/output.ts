import { errorLine, formatLine, type Line } from "../../protocol/lines";
import type { RevganError } from "../../protocol/errors";

/** The streams that a command writes to. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** A command's output. With `--json`, stdout has JSON lines alone; else results go to stdout and everything else to stderr. */
export class Output {
  private drawn = false;
  /** Whether nothing is printed, because another rank prints for all ranks. */
  private isMuted = false;

  constructor(
    readonly json: boolean,
    private readonly verbose: boolean,
    private readonly streams: Streams,
  ) {}

  get isTerminal(): boolean {
    return this.streams.stderr.isTTY === true;
  }

  /** Suppresses all further output. */
  mute(): void {
    this.isMuted = true;
  }

  /** Prints a line of the published JSON format, but only with `--json`. */
  line(line: Line): void {
    if (this.json && !this.isMuted) this.streams.stdout.write(formatLine(line));
  }

  /** Prints a result for people, but not with `--json`. */
  result(text: string): void {
    this.clear();
    if (!this.json && !this.isMuted) this.streams.stdout.write(`${text}\n`);
  }

  /** Prints progress for people, but not with `--json`. */
  note(text: string): void {
    if (!this.json) this.warn(text);
  }

  /** Prints a warning on stderr, also with `--json`. */
  warn(text: string): void {
    if (this.isMuted) return;
    this.clear();
    this.streams.stderr.write(`${text}\n`);
  }

  /** Overwrites the last progress line. Call it only on a terminal. */
  progress(text: string): void {
    if (this.isMuted) return;
    const width = (this.streams.stderr.columns ?? 80) - 1;
    this.streams.stderr.write(`\r\u001b[K${text.slice(0, width)}`);
    this.drawn = true;
  }

  /** Keeps the last progress line, so that the next output begins below it. */
  keepProgress(): void {
    if (this.drawn) this.streams.stderr.write("\n");
    this.drawn = false;
  }

  /** An error as one line that says what happened and what to do; details follow only with `--verbose`. */
  error(error: RevganError): void {
    this.line(errorLine(error));
    // Control characters are replaced, because a file's name may contain line breaks or escape sequences.
    this.warn(`revgan: ${error.message}; ${error.remedy}`.replace(/\p{Cc}+/gu, " "));
    if (this.verbose) this.warn(error.stack ?? "");
    if (this.verbose && error.cause instanceof Error) this.warn(error.cause.stack ?? error.cause.message);
  }

  private clear(): void {
    if (this.drawn) this.streams.stderr.write("\r\u001b[K");
    this.drawn = false;
  }
}
