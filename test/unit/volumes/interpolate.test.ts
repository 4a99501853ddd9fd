import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { composed, inverseAffine, applyTo } from "../../../extension/trainer/volumes/affine";
import { Interpolator } from "../../../extension/trainer/volumes/interpolate";
import { factorsOf, refinedGrid } from "../../../extension/trainer/volumes/grids";

/** See interpolation.py. */
interface Scipy {
  readonly volume: readonly number[];
  readonly results: Readonly<
    Record<
      string,
      { readonly map: readonly number[]; readonly trilinear: readonly number[]; readonly cubic: readonly number[] }
    >
  >;
}

const scipy = JSON.parse(readFileSync(join(import.meta.dirname, "interpolation.json"), "utf8")) as Scipy;
const size = { depth: 5, height: 6, width: 7 };
const wanted = { depth: 6, height: 8, width: 9 };
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe("values between voxels", () => {
  const cases = Object.entries(scipy.results).flatMap(([name, result]) =>
    (["trilinear", "cubic"] as const).map((kind) => [name, kind, result] as const),
  );
  it.each(cases)("%s: %s as scipy has it", (_, kind, result) => {
    const found = new Float32Array(6 * 8 * 9);
    new Interpolator(Float32Array.from(scipy.volume), size, kind).sample(
      { size: wanted, map: result.map },
      { ...wanted, front: 0, top: 0, left: 0 },
      found,
      0,
      1,
    );
    expect(largest(found, result[kind])).toBeLessThan(1e-5);
  });

  it.each(["trilinear", "cubic"] as const)("at the voxels, %s, are the voxels", (kind) => {
    const found = new Float32Array(scipy.volume.length);
    new Interpolator(Float32Array.from(scipy.volume), size, kind).sample(
      refinedGrid(size, [1, 1, 1]),
      { ...size, front: 0, top: 0, left: 0 },
      found,
      0,
      1,
    );
    expect(largest(found, scipy.volume)).toBeLessThan(2e-6);
  });

  it("of a part, in its channel, are those of the whole", () => {
    const grid = refinedGrid(size, [2, 2, 2]);
    const interpolator = new Interpolator(Float32Array.from(scipy.volume), size, "cubic");
    const whole = new Float32Array(10 * 12 * 14);
    interpolator.sample(grid, { ...grid.size, front: 0, top: 0, left: 0 }, whole, 0, 1);
    const part = new Float32Array(2 * 3 * 4 * 2);
    interpolator.sample(grid, { depth: 2, height: 3, width: 4, front: 7, top: 5, left: 9 }, part, 1, 2);
    const found = Array.from(
      { length: 24 },
      (_, i) => whole[((7 + Math.floor(i / 12)) * 12 + 5 + (Math.floor(i / 4) % 3)) * 14 + 9 + (i % 4)]!,
    );
    expect(Array.from(part).filter((_, i) => i % 2 === 1)).toEqual(found);
    expect(Array.from(part).filter((_, i) => i % 2 === 0)).toEqual(found.map(() => 0));
  });
});

describe("grids", () => {
  it("finer ones lie around the same middle", () => {
    const { size: fine, map } = refinedGrid(size, [2, 1.5, 0.5]);
    expect(fine).toEqual({ depth: 3, height: 9, width: 14 });
    const middle = applyTo(map, [6.5, 4, 1]);
    expect(largest(middle, [3, 2.5, 2])).toBeLessThan(1e-12);
    expect(largest(factorsOf(map), [2, 1.5, 0.5])).toBeLessThan(1e-12);
  });

  it("maps there and back are none", () => {
    const map = [0.1, 0.7, -0.2, 0.5, 0.8, -0.1, 0.1, 0.2, 0, 0.2, 0.9, -0.4];
    expect(largest(composed(inverseAffine(map)!, map), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])).toBeLessThan(1e-12);
    expect(inverseAffine([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])).toBeNull();
  });
});
