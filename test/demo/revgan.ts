import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { durationText, english } from "../../extension/protocol/durations";
import { parseLine, type PlanLine } from "../../extension/protocol/lines";
import { formatBytes } from "../../extension/trainer/formatBytes";
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
  print(`Estimated for this machine: ${estimated(file, data)}.`);
  const started = performance.now();
  revgan(["train", "--config", file, "--data", data, "--run", run]);
  print(`Trained in ${Math.round((performance.now() - started) / 1000)} s.`);
  return run;
}

/** Time and memory of a training, as `revgan plan` tells them. */
function estimated(file: string, data: string): string {
  const { stdout, status } = spawnSync(
    process.execPath,
    [cli, "plan", "--as-written", "--config", file, "--data", data, "--json"],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" },
  );
  if (status !== 0) process.exit(status ?? 1);
  const plan = parseLine(stdout.trim()) as PlanLine;
  return `about ${durationText(plan.seconds, english)}, ${formatBytes(plan.peakBytes)} of tensors in a step`;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
