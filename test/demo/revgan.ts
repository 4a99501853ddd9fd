import { spawnSync } from "node:child_process";
import { join } from "node:path";

const cli = join(import.meta.dirname, "cli.js");

/** Runs the product's own command line; ends with its exit code when it fails. A quiet one says errors alone: the rest is lines for programs. */
export function revgan(args: readonly string[], quiet = false): void {
  const { status } = spawnSync(process.execPath, [cli, ...args, ...(quiet ? ["--json"] : [])], { stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
