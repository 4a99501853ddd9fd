import { mkdir } from "node:fs/promises";
import { Subprocess } from "../processes/subprocess";
import { RevganError } from "../protocol/errors";
import { type ErrorLine, type Line, parseLine } from "../protocol/lines";
import { explainExit } from "./exitReason";

/** Seconds between SIGINT and killing a command that has not exited. */
const interruptTimeout = 10;

/** A call of the command line. */
export interface CliOptions {
  /** Path of cli.js. */
  readonly program: string;
  readonly args: readonly string[];
  /** Created if missing: a process cannot start in a missing folder. */
  readonly cwd: string;
  /** The environment; this process's by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each JSON line. */
  readonly onLine: (line: Line) => void;
  /** Called with all other output. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a command of `revgan` with `--json` to its end.
 * @throws RevganError the command's own error, or why its process failed; `interrupted` when `signal` is aborted
 */
export async function runCli({ program, args, cwd, env, onLine, onText, signal }: CliOptions): Promise<void> {
  await mkdir(cwd, { recursive: true });
  throwIfAborted(signal);
  const errors: ErrorLine[] = [];
  const child = Subprocess.fork({
    name: "the command",
    program,
    args: [...args, "--json"],
    cwd,
    env,
    ownGroup: true,
    onLine: (text, stream) => {
      if (text === "") return;
      const line = stream === "stdout" ? parsedLine(text) : null;
      if (line === null) onText(text);
      else if (line.type === "error") errors.push(line);
      else onLine(line);
    },
  });
  const interrupt = (): void => child.end({ signal: "SIGINT", killAfter: interruptTimeout });
  signal.addEventListener("abort", interrupt);
  try {
    const end = await child.gone;
    throwIfAborted(signal);
    // A command can print an error line and exit with code 0, when it did only a part of its work.
    if (errors[0] !== undefined) throw RevganError.of(errors[0]);
    if (end.code !== 0) throw RevganError.of(explainExit(end, "the command"));
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** The JSON line; null for any other text, such as output of a library. */
function parsedLine(text: string): Line | null {
  try {
    return parseLine(text);
  } catch {
    return null;
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new RevganError("interrupted", "cancelled", "start it again");
}
