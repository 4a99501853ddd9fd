import type { ProcessEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";

/** How a program ended, and what it printed. */
export interface ProgramEnd extends ProcessEnd {
  readonly timedOut: boolean;
  /** The last of it, without the end of its last line. */
  readonly stdout: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Characters that are kept of stdout. */
const kept = 64 * 1024;

/**
 * Runs a program and waits for its end; how it ended is for the caller to judge. When its time is over, or by the signal, it is
 * killed with what it has started.
 * @throws RevganError when there is no such program; the reason of `signal`
 */
export async function runProcess(
  program: string,
  args: readonly string[],
  { timeoutMs, signal, env, cwd }: ProgramOptions,
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
      if (stream === "stdout") stdout = (stdout === "" ? line : `${stdout}\n${line}`).slice(-kept);
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
