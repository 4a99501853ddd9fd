import type { ProcessEnd } from "./processEnd";
import { Subprocess } from "./subprocess";

/** How a program ended, and what it printed. */
export interface ProgramEnd extends ProcessEnd {
  readonly timedOut: boolean;
  /** The last characters of stdout, without the final newline. */
  readonly stdout: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The most characters of stdout that are returned; 64 Ki by default. */
  readonly stdoutLimit?: number;
}

/**
 * Runs a program and waits for its exit, whatever the exit code. On timeout, or when `signal` is aborted, the program is killed together
 * with its process group.
 * @throws RevganError when there is no such program; the reason of `signal` when it is aborted
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  { timeoutMs, signal, env, cwd, stdoutLimit = 64 * 1024 }: ProgramOptions,
): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  let [stdout, timedOut] = ["", false];
  const child = Subprocess.spawn({
    name: "the program",
    program,
    args,
    env,
    cwd,
    ownGroup: true,
    onLine: (line, stream) => {
      if (stream === "stdout") stdout = (stdout === "" ? line : `${stdout}\n${line}`).slice(-stdoutLimit);
    },
  });
  const abort = (): void => child.kill();
  signal?.addEventListener("abort", abort);
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill();
  }, timeoutMs);
  try {
    const end = await child.gone;
    signal?.throwIfAborted();
    return { ...end, timedOut, stdout };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
