import { expect, it } from "vitest";
import { Work } from "../../../extension/trainer/kernels/work";
import { type Rates, scaled, secondsOf } from "../../../extension/trainer/planning/rates";

const level = [[1, 1e-9]] as const;
const rates: Rates = {
  convolutionCall: 0.5,
  points: {
    convolution: [
      [12, 4e-9],
      [48, 1e-9],
    ],
    inputGradient: level,
    filterGradient: level,
    elementwise: [
      [100, 1],
      [10_000, 2],
    ],
    reduction: level,
    norm: level,
    pad: level,
    adam: level,
  },
  idleBytes: 1,
  startSeconds: 1,
};

it("a convolution takes its call and its operations, at a rate between those of two numbers of channels", () => {
  const work = new Work();
  // Sixteen channels and more: 24 lies in the middle of 12 and 48.
  work.convolution("convolution", [3, 3, 16, 64], [1, 10, 10, 64]);
  expect(secondsOf(work, rates)).toBeCloseTo(0.5 + 2e-9 * 2 * 9 * 16 * 64 * 100, 9);
});

it("other kernels take as long as was measured at their size, and beyond the largest one in proportion", () => {
  const seconds = (elements: number): number => {
    const work = new Work();
    work.each("elementwise", [elements]);
    work.each("elementwise", [elements]);
    return secondsOf(work, rates) / 2;
  };
  expect(seconds(10)).toBe(1);
  expect(seconds(100)).toBe(1);
  expect(seconds(1000)).toBeCloseTo(Math.SQRT2, 9);
  expect(seconds(10_000)).toBe(2);
  expect(seconds(30_000)).toBe(6);
});

it("scaled rates take so many times as long", () => {
  const work = new Work();
  work.convolution("filterGradient", [3, 3, 16, 64], [1, 10, 10, 64]);
  work.each("pad", [300]);
  expect(secondsOf(work, scaled(rates, 3))).toBeCloseTo(3 * secondsOf(work, rates), 9);
});
