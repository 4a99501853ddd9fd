import { expect, it } from "vitest";
import { Work } from "../../../extension/trainer/kernels/work";
import { kernelSecondsOf, type Rates, secondsOf } from "../../../extension/trainer/planning/rates";

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
    stridedConvolution: level,
    stridedInputGradient: level,
    stridedFilterGradient: level,
    elementwise: [
      [100, 1],
      [10_000, 2],
    ],
    channelCopy: level,
    reduction: level,
    norm: level,
    pad: level,
    adam: level,
  },
  inStep: [
    [1e3, 2],
    [1e5, 1],
  ],
  idleBytes: 1,
  startSeconds: 1,
};

it("a convolution takes its call and its operations, at a rate between those of two numbers of channels", () => {
  const work = new Work();
  // 24, whose logarithm is rounded to half an octave, lies in the middle of 12 and 48.
  work.convolution("convolution", [3, 3, 24, 64], [1, 10, 10, 64], 1);
  const channels = 2 ** 4.5;
  const rate = 4e-9 * (1 / 4) ** (Math.log(channels / 12) / Math.log(48 / 12));
  expect(rate).toBeCloseTo(2e-9, 9);
  expect(kernelSecondsOf(work, rates)).toBeCloseTo(0.5 + rate * 2 * 9 * 24 * 64 * 100, 9);
});

it("other kernels take as long as was measured at their size, and beyond the largest one in proportion", () => {
  const seconds = (elements: number): number => {
    const work = new Work();
    work.each("elementwise", [elements]);
    work.each("elementwise", [elements]);
    return kernelSecondsOf(work, rates) / 2;
  };
  expect(seconds(10)).toBe(1);
  expect(seconds(100)).toBe(1);
  expect(seconds(1000)).toBeCloseTo(Math.SQRT2, 9);
  expect(seconds(10_000)).toBe(2);
  expect(seconds(30_000)).toBe(6);
});

it("in a step kernels take longer, by what was measured at about so many operations", () => {
  const factor = (elements: number): number => {
    const work = new Work();
    work.each("pad", [elements]);
    return secondsOf(work, rates) / kernelSecondsOf(work, rates);
  };
  expect(factor(10)).toBe(2);
  expect(factor(1e3)).toBe(2);
  expect(factor(1e4)).toBeCloseTo(Math.SQRT2, 9);
  expect(factor(1e6)).toBe(1);
});
