import { errorLine, formatLine, type Line } from "../../protocol/lines";
import type { RevganError } from "../../protocol/errors";

/** Where a command writes. */
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

  /** From now on nothing is written. */
  mute(): void {
    this.isMuted = true;
  }

  /** A line of the published format; printed with `--json` alone. */
  line(line: Line): void {
    if (this.json && !this.isMuted) this.streams.stdout.write(formatLine(line));
  }

  /** A result, for people. */
  result(text: string): void {
    this.clear();
    if (!this.json && !this.isMuted) this.streams.stdout.write(`${text}\n`);
  }

  /** Progress, for people. */
  note(text: string): void {
    if (!this.json) this.warn(text);
  }

  /** A warning, on stderr also with `--json`. */
  warn(text: string): void {
    if (this.isMuted) return;
    this.clear();
    this.streams.stderr.write(`${text}\n`);
  }

  /** Overwrites the last progress line. Call it on a terminal alone. */
  progress(text: string): void {
    if (this.isMuted) return;
    const width = (this.streams.stderr.columns ?? 80) - 1;
    this.streams.stderr.write(`\r\u001b[K${text.slice(0, width)}`);
    this.drawn = true;
  }

  /** Keeps the last progress line; the next output begins below it. */
  keepProgress(): void {
    if (this.drawn) this.streams.stderr.write("\n");
    this.drawn = false;
  }

  /** One line saying what happened and what to do; more only with `--verbose`. */
  error(error: RevganError): void {
    this.line(errorLine(error));
    // A file's name may contain line breaks or escape sequences.
    this.warn(`revgan: ${error.message}; ${error.remedy}`.replace(/\p{Cc}+/gu, " "));
    if (this.verbose) this.warn(error.stack ?? "");
    if (this.verbose && error.cause instanceof Error) this.warn(error.cause.stack ?? error.cause.message);
  }

  private clear(): void {
    if (this.drawn) this.streams.stderr.write("\r\u001b[K");
    this.drawn = false;
  }
}
