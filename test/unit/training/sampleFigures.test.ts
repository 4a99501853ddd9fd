import { expect, test } from "vitest";
import { type Picture, fromSamples } from "../../../extension/trainer/data/picture";
import { figuresOf } from "../../../extension/trainer/training/samples";

const picture = (bits: 8 | 16, values: number[]): Picture => ({
  data: fromSamples(values, bits),
  height: 1,
  width: values.length,
  channels: 1,
  bits,
  alpha: null,
});

test("tells the errors of a translation and of the way there and back, of 255", () => {
  const input = picture(8, [0, 100, 255]);
  const figures = figuresOf({
    input,
    translated: picture(8, [10, 20, 30]),
    cycled: picture(8, [3, 100, 249]),
    truth: picture(8, [10, 26, 27]),
  });
  expect(figures.mae).toBeCloseTo(9 / 3, 12);
  // 45/3 is the mean of the squares.
  expect(figures.psnr).toBeCloseTo(20 * Math.log10(255) - 10 * Math.log10(15), 10);
  expect(figures.cycleMae).toBeCloseTo(9 / 3, 12);
});

test("knows nothing of a translation without a partner", () => {
  const input = picture(8, [1, 2]);
  expect(figuresOf({ input, translated: input, cycled: input })).toEqual({ cycleMae: 0 });
});

test("equal pictures have no ratio", () => {
  const input = picture(8, [1, 2]);
  expect(figuresOf({ input, translated: input, cycled: input, truth: input })).toEqual({
    mae: 0,
    rmse: 0,
    psnr: null,
    ssim: null,
    cycleMae: 0,
  });
});

test("16 bits are told on the scale of 255, too", () => {
  const truth = picture(16, [0, 65535]);
  const figures = figuresOf({ input: truth, translated: picture(16, [257, 65535 - 514]), cycled: truth, truth });
  expect(figures.mae).toBeCloseTo(1.5, 10);
});
