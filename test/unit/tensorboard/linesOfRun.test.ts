import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linesOfRun } from "../../../extension/trainer/tensorboard/linesOfRun";
import { temporaryFolder } from "../../support/images";
import { stepLine } from "../runFolder/runOnDisk";

const validation = (step: number): object => ({ type: "validation", step, metrics: { AtoB: { mae: step } } });

async function linesOf(metrics: readonly (object | string)[], samples: readonly string[]): Promise<string[]> {
  const run = temporaryFolder();
  const lines = metrics.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(join(run, "metrics.jsonl"), lines.map((line) => `${line}\n`).join(""));
  for (const step of samples) mkdirSync(join(run, "samples", step), { recursive: true });
  const found: string[] = [];
  const warnings: string[] = [];
  for await (const line of linesOfRun(run, (text) => warnings.push(text))) {
    const loss = line.type === "step" ? ` ${line.losses["G_A"]!}` : "";
    found.push(`${line.type} ${line.step}${loss}`);
  }
  return [...found, ...warnings.map((text) => text.replace(run, "RUN"))];
}

it("after a step come its samples, then its validation", async () => {
  expect(await linesOf([stepLine(1), stepLine(2), validation(2), stepLine(3)], ["000002", "000003"])).toEqual([
    "step 1 1",
    "step 2 2",
    "sample 2",
    "validation 2",
    "step 3 3",
    "sample 3",
  ]);
});

it("samples after the last step, from before a run was resumed, are left out", async () => {
  expect(await linesOf([stepLine(1), stepLine(2)], ["000001", "000004"])).toEqual(["step 1 1", "sample 1", "step 2 2"]);
  expect(await linesOf([], ["000004"])).toEqual([]);
});

it("a repeated step replaces the earlier one and what follows it; damaged lines are named", async () => {
  const lines = [stepLine(1), stepLine(2), validation(2), stepLine(3), "{", stepLine(2, 20), validation(2)];
  expect(await linesOf(lines, [])).toEqual([
    "step 1 1",
    "step 2 20",
    "validation 2",
    "line 5 of RUN/metrics.jsonl is damaged and left out",
  ]);
});
