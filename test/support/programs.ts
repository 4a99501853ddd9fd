import { spawn } from "node:child_process";
import { join } from "node:path";

/** The path of the built command line. */
export const cliProgram = join(import.meta.dirname, "..", "..", "dist", "cli.js");

/** Exit code and output of a program that has ended; the code is null after a signal. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with this process's environment and `env`. `watch` is called ten times a second with the process's id. */
export function ended(
  program: string,
  args: readonly string[],
  {
    cwd,
    env,
    watch,
  }: {
    readonly cwd?: string | undefined;
    readonly env?: NodeJS.ProcessEnv;
    readonly watch?: (pid: number) => void;
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const look = watch && setInterval(() => watch(child.pid!), 100);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(look);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs `revgan` to its end. */
export function revgan(args: readonly string[], cwd?: string): Promise<Ended> {
  return ended(process.execPath, [cliProgram, ...args], { cwd });
}

/** The JSON lines of a program's output. */
export function jsonLines<T = Record<string, unknown>>(stdout: string): T[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
