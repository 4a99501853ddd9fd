import { describe, expect, it } from "vitest";
import { seededRandom } from "../../extension/trainer/random";

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("random numbers", () => {
  it("are the same for the same arguments, on every machine and version", () => {
    const draw = seededRandom(42, "order", 7);
    expect([draw.uniform(), draw.uniform(), draw.integer(1000), draw.normal(), draw.normal()]).toEqual([
      0.7689290107852643, 0.16274990922596289, 950, -0.5743204457241841, 0.7067506841513518,
    ]);
    expect(seededRandom(1, "x").shuffle([1, 2, 3, 4, 5, 6, 7, 8])).toEqual([1, 4, 3, 5, 2, 6, 8, 7]);
  });

  it("differ when any argument does", () => {
    const all = [
      seededRandom(0, "a"),
      seededRandom(1, "a"),
      seededRandom(-1, "a"),
      seededRandom(2 ** 32, "a"),
      seededRandom(2 ** 40, "a"),
      seededRandom(0, "b"),
      seededRandom(0, "ab"),
      seededRandom(0, "a", 0),
      seededRandom(0, "a", 1),
      seededRandom(0, "a", 0, 1),
      seededRandom(0, "a", 1, 0),
      seededRandom(0, "a", 0, 0),
      seededRandom(0, "a", 2 ** 32),
    ].map((draw) => draw.uniform());
    expect(new Set(all).size).toBe(all.length);
  });

  it("are uniform, within a stream and across its counters", () => {
    const draw = seededRandom(3, "u");
    for (const values of [
      draws(40_000, draw.uniform),
      Array.from({ length: 40_000 }, (_, step) => seededRandom(3, "u", step).uniform()),
    ]) {
      const bins = new Array<number>(20).fill(0);
      for (const value of values) bins[Math.floor(value * 20)]!++;
      // χ² with 19 degrees of freedom is below 43.8 in 999 of 1000 cases.
      expect(bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(43.8);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThan(1);
    }
  });

  it("give neighbouring counters numbers without a relation", () => {
    const pairs = Array.from(
      { length: 20_000 },
      (_, i) => [seededRandom(0, "s", i).uniform() - 0.5, seededRandom(0, "s", i + 1).uniform() - 0.5] as const,
    );
    expect(Math.abs(12 * mean(pairs.map(([a, b]) => a * b)))).toBeLessThan(0.03);
  });

  it("have the normal distribution's moments", () => {
    const values = draws(100_000, seededRandom(5, "n").normal);
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map((x) => x ** 2))).toBeCloseTo(1, 1);
    expect(mean(values.map((x) => x ** 3))).toBeCloseTo(0, 1);
    expect(mean(values.map((x) => x ** 4))).toBeCloseTo(3, 0);
  });

  it("shuffle into every order equally often and leave the original alone", () => {
    const original = ["a", "b", "c"];
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = seededRandom(9, "shuffle", i).shuffle(original).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(original).toEqual(["a", "b", "c"]);
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});
