import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Line, parseLine } from "../../extension/protocol/lines";

const cli = join(import.meta.dirname, "cli.js");

/** On one core, so that two trainings run side by side. */
export const oneThread = { TF_NUM_INTRAOP_THREADS: "1" };

/** Runs `revgan --json`, whose progress is shown. Returns its lines. @throws Error with how it ended */
export function revgan(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args, "--json"], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(`revgan ${args.join(" ")} ended with ${String(code)}`));
      else
        resolve(
          stdout
            .split("\n")
            .filter((line) => line !== "")
            .map(parseLine),
        );
    });
  });
}
