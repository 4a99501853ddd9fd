import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { metricsOfValues, volumeMetrics } from "../../../extension/trainer/evaluate/volumeMetrics";
import type { Volume } from "../../../extension/trainer/volumes/volume";

/** See scikitImageVolumes.py. */
interface Case {
  readonly shape: readonly [number, number, number, number];
  readonly seeds: readonly [number, number];
  readonly mae: number;
  readonly rmse: number;
  readonly rmseInside: number;
  readonly psnr: number;
  readonly ssim: number;
}

const { range, cases } = JSON.parse(readFileSync(join(import.meta.dirname, "scikitImageVolumes.json"), "utf8")) as {
  range: number;
  cases: Case[];
};
const values = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => 100 * Math.sin(seed + 0.37 * i) + 60 * Math.sin(0.011 * seed * i) + 20);

describe("metrics of two volumes", () => {
  it.each(cases)("of $shape are scikit-image's", ({ shape, seeds, ...truth }) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const found = metricsOfValues(values(length, seeds[0]), values(length, seeds[1]), {
      sides: shape.slice(0, 3),
      channels: shape[3],
      range,
    });
    for (const key of ["mae", "rmse", "rmseInside", "psnr", "ssim"] as const)
      expect(Math.abs(found[key]! - truth[key]), key).toBeLessThan(1e-6);
  });

  it("are in units of the file, against the window's range", () => {
    const volume: Volume = {
      data: Float32Array.of(-1, 1, 0, -1),
      depth: 1,
      height: 2,
      width: 2,
      channels: 1,
      window: { low: 0, high: 200 },
      before: new Uint8Array(0),
      regridded: null,
    };
    const found = volumeMetrics(volume, { data: Float32Array.of(-1, 0.9, 0, -0.9), window: volume.window });
    expect(found.mae).toBeCloseTo(5, 4);
    expect(found.psnr).toBeCloseTo(10 * Math.log10(200 ** 2 / 50), 4);
    expect(found.rmseInside).toBeCloseTo(Math.sqrt(50), 4);
    expect(found.ssim).toBeNull();
    expect(volumeMetrics(volume, volume)).toMatchObject({ mae: 0, psnr: null });
  });
});
