import { expect, test } from "vitest";
import { seededRandom } from "../../../extension/trainer/random";
import { decimate } from "../../../extension/charts/decimate";
import { indexAtLeast, nearestFiniteIndex } from "../../../extension/charts/search";

const length = 20_000;
const steps = Float64Array.from({ length }, (_, index) => index + 1);

function noise(seed: number): Float32Array {
  const draw = seededRandom(seed, "noise", 0);
  return Float32Array.from({ length }, () => draw.uniform());
}

function grouped(indices: Iterable<number>, columnOf: (index: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const index of indices) groups.set(columnOf(index), [...(groups.get(columnOf(index)) ?? []), index]);
  return groups;
}

const extremes = (values: Iterable<number>): [number, number] => {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
};

test.each([1, 2, 3, 4, 5])("no pixel column loses its lowest or its highest point (seed %i)", (seed) => {
  const ys = noise(seed);
  const columns = 173;
  const kept = decimate(steps, ys, { min: 1, max: length, columns });
  const column = (index: number): number =>
    Math.min(columns - 1, Math.floor(((steps[index]! - 1) / (length - 1)) * columns));
  const all = grouped(ys.keys(), column);
  const left = grouped(kept, column);
  for (const [place, indices] of all) {
    const chosen = left.get(place)!;
    expect(extremes(chosen.map((index) => ys[index]!))).toEqual(extremes(indices.map((index) => ys[index]!)));
  }
  expect([kept[0], kept.at(-1)]).toEqual([0, length - 1]);
});

test("points come in the order of the steps, none twice, at most two a column and four at the ends", () => {
  const kept = decimate(steps, noise(6), { min: 500, max: 15_000, columns: 100 });
  for (let at = 1; at < kept.length; at++) expect(kept[at]).toBeGreaterThan(kept[at - 1]!);
  expect(kept.length).toBeLessThanOrEqual(204);
  expect(kept.length).toBeGreaterThan(150);
});

test("a single spike among 20,000 equal points is kept", () => {
  const ys = new Float32Array(length).fill(1);
  ys[12_345] = 9;
  expect([...decimate(steps, ys, { min: 1, max: length, columns: 50 })]).toContain(12_345);
});

test("few points are all kept, with one on either side of the range so that lines reach the edges", () => {
  const ys = noise(7);
  expect([...decimate(steps, ys, { min: 10, max: 15, columns: 600 })]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
});

test("what is no number is left out, and nothing is left of a curve without one", () => {
  const ys = Float32Array.of(NaN, 1, NaN, 3, Infinity);
  const xs = Float64Array.of(1, 2, 3, 4, 5);
  expect([...decimate(xs, ys, { min: 1, max: 5, columns: 10 })]).toEqual([1, 3]);
  expect(decimate(xs, new Float32Array(5).fill(NaN), { min: 1, max: 5, columns: 10 })).toHaveLength(0);
  expect(decimate(new Float64Array(0), new Float32Array(0), { min: 0, max: 1, columns: 10 })).toHaveLength(0);
});

test("steps are found by their numbers, not by their places", () => {
  const xs = Float64Array.of(10, 20, 40);
  expect([5, 10, 11, 40, 41].map((value) => indexAtLeast(xs, value))).toEqual([0, 0, 1, 2, 3]);
});

test("the nearest step with a value is found, on either side", () => {
  const xs = Float64Array.of(10, 20, 30, 40);
  const ys = Float32Array.of(1, NaN, NaN, 4);
  expect([-5, 10, 21, 26, 99].map((value) => nearestFiniteIndex(xs, ys, value))).toEqual([0, 0, 0, 3, 3]);
  expect(nearestFiniteIndex(xs, new Float32Array(4).fill(NaN), 20)).toBeUndefined();
});
