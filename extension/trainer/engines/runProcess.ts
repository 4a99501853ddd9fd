import { spawn } from "node:child_process";

export interface ProcessEnd {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
}

export interface ProcessOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** The last characters are kept of each stream: a compiler's last lines say what is wrong. */
const kept = 64 * 1024;

/**
 * Runs a program without a shell and waits for its end; how it ended is for the caller to judge.
 * @throws the spawn error (ENOENT when there is no such program) or the AbortError of `signal`
 */
export function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, signal, env, cwd } = options;
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      killSignal: "SIGKILL",
      windowsHide: true,
      ...(signal && { signal }),
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    });
    let [stdout, stderr, timedOut] = ["", "", false];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout = (stdout + text).slice(-kept)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-kept)));
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, endSignal) => {
      clearTimeout(timer);
      resolve({ code, signal: endSignal, timedOut, stdout, stderr });
    });
  });
}
