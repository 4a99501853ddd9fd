import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { formatLine, type Line } from "../../../extension/protocol/lines";
import { parseConfig } from "../../../extension/configuration/config";
import { memoryParts } from "../../../extension/protocol/memoryParts";
import type { Run } from "../../../extension/runFolder/runFile";

const peakByPart = Object.fromEntries(memoryParts.map((part) => [part, 0])) as Record<
  (typeof memoryParts)[number],
  number
>;
const time = "2026-01-01T00:00:00.000Z";

/** A line of `metrics.jsonl`. */
export function stepLine(step: number): Line {
  return {
    type: "step",
    step,
    epoch: 1,
    losses: { G_A: 1 / step },
    seconds: 0.1,
    learningRate: 2e-4,
    bytes: { live: 1, peak: 2, peakByPart },
    residentBytes: 3,
    time,
  };
}

/** A folder with one finished run of some steps, gone after the test. Returns the run's folder. */
export function storedRun(steps: number): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "revgan-viewer-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "one");
  mkdirSync(folder);
  const config = parseConfig({}, "the test");
  const run: Run = {
    format: 1,
    name: "one",
    config,
    engine: null,
    versions: {},
    seed: 0,
    state: "finished",
    step: steps,
    best: null,
    createdAt: time,
    updatedAt: time,
    error: null,
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(run));
  append(folder, ...Array.from({ length: steps }, (_, i) => stepLine(i + 1)));
  return folder;
}

/** Writes lines as a trainer does. */
export function append(run: string, ...lines: readonly Line[]): void {
  appendFileSync(join(run, "metrics.jsonl"), lines.map(formatLine).join(""));
}
