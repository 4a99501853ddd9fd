import { expect, test } from "vitest";
import { Smoothing } from "../../../../../webview/charts/plot/smoothing";

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
