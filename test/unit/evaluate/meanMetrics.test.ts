import { expect, test } from "vitest";
import { meanMetrics } from "../../../extension/trainer/evaluate/meanMetrics";

test("means are over the pictures' own values; equal pictures have no psnr, and pictures without a partner no part", () => {
  const cases = [
    { mae: 2, rmse: 3, psnr: 20, ssim: 0.5, cycleMae: 1 },
    { mae: 0, rmse: 0, psnr: null, ssim: 1, cycleMae: 2 },
    { cycleMae: 6 },
  ];
  expect(meanMetrics(cases)).toEqual({ mae: 1, rmse: 1.5, psnr: 20, ssim: 0.75, cycleMae: 3 });
});

test("what no picture has is null where everybody looks for it, and else absent", () => {
  expect(meanMetrics([{ cycleMae: 4 }])).toEqual({ mae: null, psnr: null, ssim: null, cycleMae: 4 });
  expect(meanMetrics([{ mae: 0, rmse: 0, psnr: null, ssim: null }])).toEqual({
    mae: 0,
    rmse: 0,
    psnr: null,
    ssim: null,
  });
});
