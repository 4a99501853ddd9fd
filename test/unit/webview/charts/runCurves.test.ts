import { expect, test } from "vitest";
import { StepColumns } from "../../../../extension/protocol/stepColumns";
import type { StepLine } from "../../../../extension/protocol/lines";
import { stepLines } from "../../../webview/support/runs";
import { RunCurves } from "../../../../webview/charts/runCurves";

const [example] = stepLines(1, 1);

const line = (step: number, G_A: number, second = step): StepLine => ({
  ...example!,
  step,
  losses: { G_A },
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
});

function smoothed(steps: StepColumns): number[] {
  const curves = new RunCurves();
  curves.follow(steps, 0.9);
  return [...curves.curve("G_A").smooth];
}

test("steps that are taken again after a checkpoint are smoothed anew, also when no fewer of them come at once", () => {
  const steps = new StepColumns();
  const curves = new RunCurves();
  for (let step = 1; step <= 10; step++) steps.append(line(step, step));
  curves.follow(steps, 0.9);
  curves.curve("G_A");
  steps.cutAfter(5);
  for (let step = 6; step <= 12; step++) steps.append(line(step, 100 - step, 60 + step));
  curves.follow(steps, 0.9);
  expect([...curves.curve("G_A").smooth]).toEqual(smoothed(steps));
});

test("a shorter run is shown as short as it is", () => {
  const steps = new StepColumns();
  const curves = new RunCurves();
  for (let step = 1; step <= 10; step++) steps.append(line(step, step));
  curves.follow(steps, 0.9);
  curves.curve("G_A");
  steps.cutAfter(4);
  curves.follow(steps, 0.9);
  expect([...curves.curve("G_A").smooth]).toEqual(smoothed(steps));
  expect(curves.curve("G_A").smooth).toHaveLength(4);
});

test("without smoothing the curve is the data itself", () => {
  const steps = new StepColumns();
  steps.append(line(1, 0.5));
  const curves = new RunCurves();
  curves.follow(steps, 0);
  const { raw, smooth } = curves.curve("G_A");
  expect(smooth).toBe(raw);
  expect(curves.has("G_A")).toBe(true);
  expect(curves.has("G_B")).toBe(false);
});
