import { expect, test } from "vitest";
import { fromSamples, type Picture } from "../../../extension/trainer/data/picture";
import { ConstantColour } from "../../../extension/trainer/evaluate/constantColour";
import type { Volume } from "../../../extension/trainer/volumes/volume";

const picture = (samples: readonly number[], channels: number, bits: 8 | 16 = 8): Picture => ({
  data: fromSamples(samples, bits),
  height: 1,
  width: samples.length / channels,
  channels,
  bits,
  alpha: null,
});
const errorOf = (...truths: (Picture | Volume)[]): number | null => {
  const constant = new ConstantColour();
  for (const truth of truths) constant.add(truth);
  return constant.error;
};

test("the best constant is the median of each channel", () => {
  expect(errorOf(picture([0, 10, 90], 1))).toBeCloseTo(90 / 3, 9);
  // Red is 0, 10, 90; green 5 everywhere.
  expect(errorOf(picture([0, 5, 10, 5, 90, 5], 2))).toBeCloseTo(90 / 6, 9);
  expect(errorOf(picture([7, 7, 7], 1))).toBe(0);
  expect(errorOf(picture([255, 255], 1))).toBe(0);
  expect(errorOf()).toBeNull();
});

test("every picture counts alike, however large it is, and of 16 bits on the same scale", () => {
  // The median over all pixels would be 0; of pictures it is any of the two.
  expect(errorOf(picture([0, 0, 0, 0], 1), picture([100], 1), picture([100], 1))).toBeCloseTo(100 / 3, 9);
  expect(errorOf(picture([0, 65535, 65535], 1, 16))).toBeCloseTo(255 / 3, 9);
});

test("no other constant is better", () => {
  const samples = Array.from({ length: 101 }, (_, i) => (i * i * 37) % 256);
  const least = Math.min(
    ...Array.from({ length: 256 }, (_, constant) =>
      samples.reduce((sum, sample) => sum + Math.abs(sample - constant) / samples.length, 0),
    ),
  );
  expect(errorOf(picture(samples, 1))).toBeCloseTo(least, 9);
});

test("of volumes it is in units of their files", () => {
  const volume = (low: number, high: number): Volume => ({
    data: Float32Array.of(-1, -1, 1),
    depth: 1,
    height: 1,
    width: 3,
    channels: 1,
    window: { low, high },
    before: new Uint8Array(),
    regridded: null,
  });
  expect(errorOf(volume(-100, 200))).toBeCloseTo(300 / 3, 9);
  expect(errorOf(volume(-100, 200), volume(0, 3000))).toBeCloseTo((100 + 1000) / 2, 9);
});
