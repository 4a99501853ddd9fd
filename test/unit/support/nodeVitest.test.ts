import { describe, expect, it } from "vitest";
import { expect as ours } from "../../gpuBundle/vitest";

/** Of each matcher something that it takes and something that it does not. */
const cases: [string, unknown, unknown, unknown][] = [
  ["toBe", NaN, NaN, 1],
  ["toBe", 0, 0, -0],
  ["toEqual", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }],
  ["toBeCloseTo", 1, 1.001, 1.1],
  ["toBeGreaterThan", 2, 1, 2],
  ["toBeLessThan", 1, 2, 1],
  ["toBeLessThanOrEqual", 1, 1, 0.5],
  ["toContain", "Vulkan 1.3", "Vulkan", "Metal"],
  ["toMatch", "a GPU", /GPU$/, /^GPU/],
  ["toMatchObject", { a: 1, b: 2 }, { a: 1 }, { a: 2 }],
  [
    "toThrow",
    () => {
      throw new RangeError("too large");
    },
    RangeError,
    TypeError,
  ],
  [
    "toThrow",
    () => {
      throw new RangeError("too large");
    },
    "large",
    "small",
  ],
];

describe("the matchers of tests on another machine", () => {
  it.each(cases)("%s takes and refuses what Vitest's does", (name, actual, taken, refused) => {
    for (const each of [ours, expect]) {
      const checks = each(actual) as unknown as Record<string, (wanted: unknown) => void>;
      checks[name]!(taken);
      expect(() => checks[name]!(refused)).toThrow();
      const not = (each(actual) as unknown as { not: typeof checks }).not;
      not[name]!(refused);
      expect(() => not[name]!(taken)).toThrow();
    }
  });
});
