import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../../extension/configuration/config";
import type { StepLine } from "../../../extension/protocol/lines";
import { memoryParts } from "../../../extension/protocol/memoryParts";
import type { Run } from "../../../extension/runFolder/runFile";

const nothing = Object.fromEntries(memoryParts.map((part) => [part, 0])) as StepLine["bytes"]["peakByPart"];

/** What a `run.json` holds. */
export function runFile(changes: Partial<Run> = {}): Run {
  return {
    format: 1,
    name: "maps",
    config: parseConfig({}, ""),
    engine: { name: "native", device: "CPU", version: "2.21.0" },
    versions: { revgan: "0.1.0" },
    seed: 0,
    state: "finished",
    step: 3,
    best: null,
    createdAt: "2026-01-02T03:04:05Z",
    updatedAt: "2026-01-02T03:04:06Z",
    error: null,
    ...changes,
  };
}

/** Writes a run's folder below `parent`; `content` in place of its `run.json`. Returns it. */
export function writeRunFolder(parent: string, name: string, content: Run | string = runFile({ name })): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "run.json"), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}

/** A line of `metrics.jsonl`. */
export function stepLine(step: number, loss = step): StepLine {
  return {
    type: "step",
    step,
    epoch: 1,
    losses: { G_A: loss },
    seconds: 0.5,
    learningRate: 0.0002,
    bytes: { live: 100, peak: 1000 + step, peakByPart: { ...nothing, weights: 1000 + step } },
    residentBytes: 5000,
    time: new Date(Date.UTC(2026, 0, 2, 3, 4, step)).toISOString(),
  };
}
