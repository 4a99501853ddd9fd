import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { formatLine } from "../../extension/protocol/lines";
import { exampleConfig, stepLines } from "../webview/support/runs";

/** Number of lines per write. */
const chunk = 5000;

/** Writes the folder of a finished run as a trainer would, without samples and checkpoints. 100,000 steps make 60 MB. */
export function writeLongRun(folder: string, steps: number): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, "metrics.jsonl"), "w");
  for (let from = 1; from <= steps; from += chunk)
    writeSync(
      file,
      stepLines(from, Math.min(from + chunk - 1, steps))
        .map(formatLine)
        .join(""),
    );
  closeSync(file);
  const end = Date.UTC(2026, 0, 1);
  const [createdAt, updatedAt] = [end - steps * 1000, end].map((time) => new Date(time).toISOString());
  const config = { ...exampleConfig, training: { ...exampleConfig.training, maxSteps: steps } };
  const run = {
    format: 1,
    name: basename(folder),
    config,
    engine: { name: "native", device: "CPU", version: null },
    versions: {},
    seed: 0,
    state: "finished",
    step: steps,
    best: null,
    createdAt,
    updatedAt,
    error: null,
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(run));
}
