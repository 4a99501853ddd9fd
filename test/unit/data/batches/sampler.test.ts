import { describe, expect, it } from "vitest";
import {
  type DomainSizes,
  epochOf,
  type Sample,
  Sampler,
  type SamplerSettings,
  stepsPerEpoch,
} from "../../../../extension/trainer/data/sampler";

const settings: SamplerSettings = { paired: false, shuffle: true, flip: true, batchSize: 1, seed: 0 };
const sampleAt = (step: number, sizes: DomainSizes, given: SamplerSettings, axes: 2 | 3 = 2): Sample[] =>
  new Sampler(sizes, given, axes).at(step);
const steps = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("the sampler", () => {
  it("counts epochs and steps from 1", () => {
    const sizes = { a: 5, b: 3 };
    expect(stepsPerEpoch(sizes, 1)).toBe(5);
    expect(stepsPerEpoch(sizes, 2)).toBe(3);
    expect([1, 3, 4, 6, 7].map((step) => epochOf(step, sizes, 2))).toEqual([1, 1, 2, 2, 3]);
  });

  it("shows every file of A once an epoch, in an order of its own every epoch", () => {
    const epochs = [0, 1, 2].map((epoch) =>
      steps(10 * epoch + 1, 10 * epoch + 10).map((step) => sampleAt(step, { a: 10, b: 4 }, settings)[0]!.a),
    );
    for (const order of epochs) expect([...order].sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  it("goes through the files in order without shuffle, B modulo its number", () => {
    const plain = { ...settings, shuffle: false };
    expect(
      steps(1, 7)
        .map((step) => sampleAt(step, { a: 5, b: 3 }, plain)[0]!)
        .map(({ a, b }) => [a, b]),
    ).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 0],
      [4, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  it("fills the last batch of an epoch from the epoch's beginning", () => {
    const plain = { ...settings, shuffle: false, batchSize: 4 };
    const batches = steps(1, 3).map((step) => sampleAt(step, { a: 6, b: 6 }, plain).map(({ a }) => a));
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 0, 1],
      [0, 1, 2, 3],
    ]);
  });

  it("wraps around more than once when the batch is larger than the data set", () => {
    expect(
      sampleAt(2, { a: 2, b: 1 }, { ...settings, shuffle: false, batchSize: 5 }).map(({ a, b }) => [a, b]),
    ).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  it("draws B evenly in unpaired mode, whatever A is", () => {
    const counts = new Map<string, number>();
    for (const step of steps(1, 6000)) {
      const { a, b } = sampleAt(step, { a: 2, b: 3 }, settings)[0]!;
      counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it("gives a pair the same file, crop and flip, and unpaired images their own", () => {
    for (const step of steps(1, 50)) {
      const [pair] = sampleAt(step, { a: 7, b: 7 }, { ...settings, paired: true });
      expect(pair!.b).toBe(pair!.a);
      expect(pair!.placeB).toEqual(pair!.placeA);
      const [two] = sampleAt(step, { a: 7, b: 7 }, settings);
      expect(two!.placeB.position).not.toEqual(two!.placeA.position);
    }
  });

  it("flips half of the images, none without flip, and crops the same either way", () => {
    const places = steps(1, 2000).map((step) => sampleAt(step, { a: 7, b: 7 }, settings)[0]!);
    for (const key of ["placeA", "placeB"] as const)
      expect(Math.abs(places.filter((sample) => sample[key].flip).length - 1000)).toBeLessThan(150);
    expect(places.filter(({ placeA, placeB }) => placeA.flip === placeB.flip).length / 2000).toBeCloseTo(0.5, 1);
    const still = steps(1, 100).map((step) => sampleAt(step, { a: 7, b: 7 }, { ...settings, flip: false })[0]!);
    expect(still.some(({ placeA, placeB }) => placeA.flip || placeB.flip)).toBe(false);
    expect(still.map(({ placeA }) => placeA.position)).toEqual(
      places.slice(0, 100).map(({ placeA }) => placeA.position),
    );
  });

  it("spreads crops over all of the image", () => {
    const positions = steps(1, 1000).map((step) =>
      sampleAt(step, { a: 3, b: 3 }, settings)[0]!.placeA.position.map((fraction) => Math.floor(fraction * 31)),
    );
    for (const axis of [0, 1]) expect(new Set(positions.map((position) => position[axis])).size).toBe(31);
  });

  it("places volumes along three axes", () => {
    expect(sampleAt(1, { a: 3, b: 3 }, settings, 3)[0]!.placeA.position).toHaveLength(3);
  });

  it("depends on the seed and the step alone", () => {
    const sizes = { a: 20, b: 30 };
    const later = sampleAt(33, sizes, settings);
    const one = new Sampler(sizes, settings);
    const all = steps(1, 45).map((step) => one.at(step));
    expect(all[32]).toEqual(later);
    // Also back into an epoch whose order is no longer kept.
    expect(
      steps(1, 45)
        .toReversed()
        .map((step) => one.at(step)),
    ).toEqual(all.toReversed());
    expect(sampleAt(33, sizes, { ...settings, seed: 1 })).not.toEqual(later);
  });

  it("replaces what cannot be used by the next in order, and leaves all other steps as they are", () => {
    const sizes = { a: 6, b: 5 };
    for (const given of [settings, { ...settings, shuffle: false }, { ...settings, batchSize: 4 }]) {
      const sampler = new Sampler(sizes, given);
      const usable = { a: (i: number) => i !== 2 && i !== 3, b: (i: number) => i !== 4 };
      for (const step of steps(1, 12)) {
        const order = steps(1, 6).map(
          (one) =>
            new Sampler(sizes, { ...given, batchSize: 1 }).at(6 * (epochOf(step, sizes, given.batchSize) - 1) + one)[0]!
              .a,
        );
        const nextA = (a: number): number => (usable.a(a) ? a : nextA(order[(order.indexOf(a) + 1) % 6]!));
        expect(sampler.at(step, usable)).toEqual(
          sampler.at(step).map((sample) => ({ ...sample, a: nextA(sample.a), b: usable.b(sample.b) ? sample.b : 0 })),
        );
      }
    }
  });

  it("leaves out a pair when one of both cannot be used, and says when none is left", () => {
    const sampler = new Sampler({ a: 3, b: 3 }, { ...settings, paired: true, shuffle: false });
    const usable = { a: (i: number) => i !== 0, b: (i: number) => i !== 1 };
    expect(steps(1, 3).map((step) => sampler.at(step, usable)[0]!.a)).toEqual([2, 2, 2]);
    expect(() => sampler.at(1, { ...usable, a: (i: number) => i === 1 })).toThrow("no pair is left to train on");
  });
});
