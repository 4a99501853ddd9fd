import { mkdir } from "node:fs/promises";
import { Subprocess } from "../processes/subprocess";
import { RevganError } from "../protocol/errors";
import { type ErrorLine, type Line, parseLine } from "../protocol/lines";
import { explainDeath } from "./exitReason";

/** Seconds that a command has to end after Ctrl-C. */
const endWithin = 10;

/** What a run of the command line is given. */
export interface CliOptions {
  /** Path of cli.js. */
  readonly program: string;
  readonly args: readonly string[];
  /** Made where it is missing: nothing starts in a folder that is not there. */
  readonly cwd: string;
  /** This process's by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes each line as it comes. */
  readonly onLine: (line: Line) => void;
  /** Takes what the command says to people. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a command of `revgan` with `--json` to its end.
 * @throws RevganError what the command said, or why it ended; `interrupted` by the signal
 */
export async function runCli({ program, args, cwd, env, onLine, onText, signal }: CliOptions): Promise<void> {
  await mkdir(cwd, { recursive: true });
  requireWanted(signal);
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
      const line = stream === "stdout" ? lineOf(text) : null;
      if (line === null) onText(text);
      else if (line.type === "error") errors.push(line);
      else onLine(line);
    },
  });
  const interrupt = (): void => child.end({ signal: "SIGINT", killAfter: endWithin });
  signal.addEventListener("abort", interrupt);
  try {
    const end = await child.gone;
    requireWanted(signal);
    // A command that did a part of its work says so in its exit code, and in an error line.
    if (errors[0] !== undefined) throw RevganError.of(errors[0]);
    if (end.code !== 0) throw RevganError.of(explainDeath(end, "the command"));
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** Null for what a library says past us: no line of ours, and no reason to fail. */
function lineOf(text: string): Line | null {
  try {
    return parseLine(text);
  } catch {
    return null;
  }
}

function requireWanted(signal: AbortSignal): void {
  if (signal.aborted) throw new RevganError("interrupted", "cancelled", "start it again");
}
