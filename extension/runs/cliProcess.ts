import { fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { RevganError } from "../protocol/errors";
import { type ErrorLine, type Line, parseLine } from "../protocol/lines";
import { explainDeath } from "./death";

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
export async function runCli({
  program,
  args,
  cwd,
  env = process.env,
  onLine,
  onText,
  signal,
}: CliOptions): Promise<void> {
  await mkdir(cwd, { recursive: true });
  requireWanted(signal);
  const child = fork(program, [...args, "--json"], {
    cwd,
    env,
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const errors: ErrorLine[] = [];
  let stderr = "";
  eachLine(child.stdout, (text) => {
    const line = lineOf(text);
    if (line === null) onText(text);
    else if (line.type === "error") errors.push(line);
    else onLine(line);
  });
  eachLine(child.stderr, (text) => {
    stderr = `${stderr}${text}\n`.slice(-8192);
    onText(text);
  });
  const interrupt = (): void => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), endWithin * 1000).unref();
  };
  signal.addEventListener("abort", interrupt);
  try {
    const { code, killedBy } = await new Promise<{ code: number | null; killedBy: string | null }>(
      (resolve, reject) => {
        child.once("error", reject);
        child.once("close", (exit, killed) => resolve({ code: exit, killedBy: killed }));
      },
    );
    requireWanted(signal);
    // A command that did a part of its work says so in its exit code, and in an error line.
    throwIfFailed(errors[0], code, killedBy, stderr);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

function throwIfFailed(error: ErrorLine | undefined, code: number | null, signal: string | null, stderr: string): void {
  if (error !== undefined) throw new RevganError(error.code, error.message, error.remedy);
  if (code === 0) return;
  const { message, remedy } = explainDeath({ code, signal, stderr });
  throw new RevganError("internal", message.replace("the trainer", "the command"), remedy);
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

function eachLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  let rest = "";
  const takeAll = (lines: readonly string[]): void => {
    for (const line of lines) if (line !== "") take(line);
  };
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    takeAll(lines);
  });
  // Who dies may not end its last line.
  stream?.on("end", () => takeAll([rest]));
}
