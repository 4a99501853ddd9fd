import { expect, test } from "vitest";
import { linearTicks, logTicks, withMargin } from "../../../extension/charts/ticks";

test("ticks are round numbers inside the range", () => {
  expect(linearTicks({ min: 0.13, max: 0.92 }, 5)).toEqual([0.2, 0.4, 0.6, 0.8]);
  expect(linearTicks({ min: 1, max: 100_000 }, 5)).toEqual([20_000, 40_000, 60_000, 80_000, 100_000]);
});

test("steps are whole", () => {
  expect(linearTicks({ min: 3, max: 6 }, 8, 1)).toEqual([3, 4, 5, 6]);
});

test("a log scale has powers of ten, with 2 and 5 where there is room, and round numbers within one power", () => {
  expect(logTicks({ min: 0.0005, max: 900 }, 5)).toEqual([0.01, 1, 100]);
  expect(logTicks({ min: 0.1, max: 10 }, 5)).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10]);
  expect(logTicks({ min: 0.3, max: 0.5 }, 4)).toEqual([0.3, 0.35, 0.4, 0.45, 0.5]);
});

test("there is always a range to show, around what there is", () => {
  for (const log of [false, true]) {
    for (const extent of [
      { min: 0.5, max: 0.5 },
      { min: 1e-9, max: 1e9 },
      { min: Infinity, max: -Infinity },
    ]) {
      const { min, max } = withMargin(extent, log);
      expect(max).toBeGreaterThan(min);
      if (extent.min <= extent.max) expect([min <= extent.min, max >= extent.max]).toEqual([true, true]);
      if (log) expect(min).toBeGreaterThan(0);
    }
  }
});
