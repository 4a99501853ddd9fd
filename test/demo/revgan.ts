import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultRunName } from "../../extension/runFolder/newRunFolder";

const cli = join(import.meta.dirname, "cli.js");

/** Runs the product's own command line; ends with its exit code when it fails. A quiet one says errors alone: the rest is lines for programs. */
export function revgan(args: readonly string[], quiet = false): void {
  const { status } = spawnSync(process.execPath, [cli, ...args, ...(quiet ? ["--json"] : [])], {
    stdio: ["ignore", quiet ? "ignore" : "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Trains what a configuration says on a data set. Returns the run's folder. */
export function trainOn(data: string, configuration: object): string {
  const run = join(".revgan", "runs", `demo-${defaultRunName([data], new Date())}`);
  mkdirSync(join(run, ".."), { recursive: true });
  writeFileSync(join(".revgan", ".gitignore"), "*\n");
  const file = join(".revgan", "demo.json");
  writeFileSync(file, `${JSON.stringify(configuration, null, 2)}\n`);
  const started = performance.now();
  revgan(["train", "--config", file, "--data", data, "--run", run]);
  print(`Trained in ${Math.round((performance.now() - started) / 1000)} s.`);
  return run;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
