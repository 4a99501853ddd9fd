import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseLine } from "../../../extension/protocol/lines";
import { latestWhole } from "../../../extension/runFolder/checkpoints";
import { metricsOf, readRunFile } from "../../support/commandLine";
import { until } from "../../support/browser/until";
import type { Process } from "../../support/vscode/processes";
import type { Workbench } from "../../support/vscode/workbench";

/** Trainers and the decoders that they started, in a window's VS Code. */
export function trainersOf({ server }: Workbench): Process[] {
  return server.processes().filter(({ command }) => /\b(trainer|decoder)\.js/.test(command));
}

/** The process that trains a run, by the run's lock. */
export function trainerOf(run: string): number {
  return (JSON.parse(readFileSync(join(run, "lock"), "utf8")) as { pid: number }).pid;
}

/** Waits until no trainer and no decoder is left. Returns the seconds that it took. */
export async function waitUntilTrainersAreGone(vscode: Workbench, seconds?: number): Promise<number> {
  const begin = Date.now();
  const left = (): Process[] => trainersOf(vscode);
  await until(
    "every trainer to end",
    () => Promise.resolve(left().length === 0 ? true : undefined),
    () => Promise.resolve(left()),
    seconds,
  );
  return (Date.now() - begin) / 1000;
}

/** The steps in a run's `metrics.jsonl`, as they are written; a line that is being written is left out. */
export function stepsOf(run: string): number[] {
  const text = readFileSync(join(run, "metrics.jsonl"), "utf8");
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1)
    .map(parseLine);
  return lines.flatMap((line) => (line.type === "step" ? [line.step] : []));
}

/** Waits until a run has come to a step. */
export async function waitForStep(run: string, step: number, seconds?: number): Promise<void> {
  await until(
    `step ${step} of ${run}`,
    () => Promise.resolve((stepsOf(run).at(-1) ?? 0) >= step ? true : undefined),
    () => Promise.resolve(stepsOf(run).at(-1)),
    seconds,
  );
}

/** 1, 2, … n. */
export function oneTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** Checks that a run that nobody trains lies on disk as promised: every step once, and a checkpoint of the last one that matches its checksums. Returns that step. */
export async function expectWhole(run: string): Promise<number> {
  const steps = metricsOf(run).flatMap((line) => (line.type === "step" ? [line.step] : []));
  expect(steps).toEqual(oneTo(steps.length));
  expect(await latestWhole(run)).toMatchObject({ checkpoint: { step: steps.length }, skipped: [] });
  expect(readRunFile(run).step).toBe(steps.length);
  return steps.length;
}
