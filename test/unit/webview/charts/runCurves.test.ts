import { expect, test } from "vitest";
import { StepColumns } from "../../../../extension/protocol/stepColumns";
import type { StepLine } from "../../../../extension/protocol/lines";
import { stepLines } from "../../../webview/support/runs";
import { Smoothing } from "../../../../extension/charts/smoothing";
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
  curves.update(steps, 0.9);
  return [...curves.curve("G_A").smooth];
}

test("steps that are taken again after a checkpoint are smoothed anew, also when no fewer of them come at once", () => {
  const steps = new StepColumns();
  const curves = new RunCurves();
  for (let step = 1; step <= 10; step++) steps.append(line(step, step));
  curves.update(steps, 0.9);
  curves.curve("G_A");
  steps.cutAfter(5);
  for (let step = 6; step <= 12; step++) steps.append(line(step, 100 - step, 60 + step));
  curves.update(steps, 0.9);
  expect([...curves.curve("G_A").smooth]).toEqual(smoothed(steps));
});

test("a shorter run is shown as short as it is", () => {
  const steps = new StepColumns();
  const curves = new RunCurves();
  for (let step = 1; step <= 10; step++) steps.append(line(step, step));
  curves.update(steps, 0.9);
  curves.curve("G_A");
  steps.cutAfter(4);
  curves.update(steps, 0.9);
  expect([...curves.curve("G_A").smooth]).toEqual(smoothed(steps));
  expect(curves.curve("G_A").smooth).toHaveLength(4);
});

test("without smoothing the curve is the data itself", () => {
  const steps = new StepColumns();
  steps.append(line(1, 0.5));
  const curves = new RunCurves();
  curves.update(steps, 0);
  const { raw, smooth } = curves.curve("G_A");
  expect(smooth).toBe(raw);
  expect(curves.has("G_A")).toBe(true);
  expect(curves.has("G_B")).toBe(false);
});

const raw = Float32Array.from({ length: 500 }, (_, index) => 1 + Math.sin(index / 7) + (index % 5) / 10);

/** TensorBoard's: the weighted mean of all values so far, with weights that fall by `weight` a step. */
function closed(values: Float32Array, weight: number, at: number): number {
  let [sum, weights] = [0, 0];
  for (let index = 0; index <= at; index++) {
    const share = weight ** (at - index);
    sum += share * values[index]!;
    weights += share;
  }
  return sum / weights;
}

test.each([0.1, 0.6, 0.9, 0.99])("is the weighted mean of everything so far at weight %f", (weight) => {
  const smoothing = new Smoothing(weight);
  smoothing.extend(raw);
  for (const at of [0, 1, 2, 10, 100, 499]) expect(smoothing.values[at]).toBeCloseTo(closed(raw, weight, at), 5);
});

test("the first value is not drawn to zero", () => {
  const smoothing = new Smoothing(0.99);
  smoothing.extend(Float32Array.of(4));
  expect(smoothing.values[0]).toBeCloseTo(4, 6);
});

test("a curve that grows bit by bit is smoothed as one that was there at once", () => {
  const [whole, grown] = [new Smoothing(0.9), new Smoothing(0.9)];
  whole.extend(raw);
  for (const length of [1, 2, 64, 65, 300, 500]) grown.extend(raw.subarray(0, length));
  expect([...grown.values]).toEqual([...whole.values]);
});

test("a gap stays a gap and counts for nothing", () => {
  const [gapped, whole] = [new Smoothing(0.6), new Smoothing(0.6)];
  gapped.extend(Float32Array.of(1, NaN, 3));
  whole.extend(Float32Array.of(1, 3));
  expect([...gapped.values]).toEqual([whole.values[0], NaN, whole.values[1]]);
});
