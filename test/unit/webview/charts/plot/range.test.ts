import { expect, test } from "vitest";
import { panned, clampedRange, zoomed } from "../../../../../webview/charts/plot/range";

const whole = { min: 1, max: 1001 };

test("zooming keeps the step that it is about in its place", () => {
  expect(zoomed(whole, whole, 0.5, 251)).toEqual({ min: 126, max: 626 });
});

test("zooming out to everything is no zoom at all, so that new steps are followed again", () => {
  expect(zoomed({ min: 100, max: 900 }, whole, 2, 500)).toBeNull();
});

test("panning stops at the ends and keeps the width", () => {
  expect(panned({ min: 101, max: 301 }, whole, 0.5)).toEqual({ min: 201, max: 401 });
  expect(panned({ min: 101, max: 301 }, whole, -9)).toEqual({ min: 1, max: 201 });
  expect(panned({ min: 101, max: 301 }, whole, 9)).toEqual({ min: 801, max: 1001 });
});

test("a selection of a hair still shows some steps", () => {
  expect(clampedRange({ min: 500, max: 500.01 }, whole)).toEqual({ min: 498.005, max: 502.005 });
});

test("a range that a shorter run no longer has shows everything", () => {
  expect(clampedRange({ min: 2000, max: 3000 }, whole)).toBeNull();
});
