import { describe, expect, it } from "vitest";
import type { HostTensor } from "../../../extension/trainer/kernels/tensor";
import { ImagePool } from "../../../extension/trainer/training/imagePool";

/** An image that can be told from all others; every second one has another shape. */
function image(i: number): HostTensor {
  return { shape: i % 2 === 0 ? [1, 2, 2, 1] : [1, 1, 4, 1], data: new Float32Array(4).fill(i) };
}

/** The image that a discriminator sees when the pool is offered image `i`. */
function shownBy(pool: ImagePool, i: number, seed: number, step: number): HostTensor {
  return pool.exchange(() => image(i), seed, "pool A", step) ?? image(i);
}

describe("the image pool", () => {
  it("shows fresh images until it is full, then exchanges half of them for older ones", () => {
    const pool = new ImagePool(50, []);
    for (let i = 0; i < 50; i++) expect(shownBy(pool, i, 1, i)).toEqual(image(i));
    let older = 0;
    for (let i = 50; i < 1050; i++) {
      const shown = shownBy(pool, i, 1, i);
      expect(shown).toEqual(image(shown.data[0]!));
      if (shown.data[0] !== i) older++;
    }
    // Binomial(1000, ½): five standard deviations.
    expect(Math.abs(older - 500)).toBeLessThan(80);
    expect(pool.images).toHaveLength(50);
  });

  it("makes the same choices for the same seed, and others for another", () => {
    const shown = (seed: number): number[] => {
      const pool = new ImagePool(3, []);
      return Array.from({ length: 40 }, (_, i) => shownBy(pool, i, seed, i + 1).data[0]!);
    };
    expect(shown(1)).toEqual(shown(1));
    expect(shown(2)).not.toEqual(shown(1));
  });

  it("goes on from the images that it left", () => {
    const whole = new ImagePool(2, []);
    const all = Array.from({ length: 20 }, (_, i) => shownBy(whole, i, 1, i + 1).data[0]!);
    const first = new ImagePool(2, []);
    for (let i = 0; i < 9; i++) shownBy(first, i, 1, i + 1);
    const second = new ImagePool(2, [...first.images]);
    expect(Array.from({ length: 11 }, (_, i) => shownBy(second, i + 9, 1, i + 10).data[0]!)).toEqual(all.slice(9));
  });

  it("copies an image to host memory only when it keeps it", () => {
    const pool = new ImagePool(2, []);
    let copies = 0;
    let kept = 0;
    for (let i = 0; i < 40; i++) {
      const before = [...pool.images];
      pool.exchange(() => (copies++, image(i)), 1, "pool A", i);
      if (pool.images.some((each, place) => each !== before[place])) kept++;
    }
    expect(copies).toBe(kept);
    expect(copies).toBeLessThan(40);
  });

  it("passes everything through at size 0", () => {
    const pool = new ImagePool(0, []);
    for (let i = 0; i < 10; i++) expect(shownBy(pool, i, 1, i)).toEqual(image(i));
    expect(pool.images).toEqual([]);
  });

  it("forgets what a larger pool left beyond its size", () => {
    const left = [0, 1, 2, 3].map(image);
    const pool = new ImagePool(2, left);
    const shown = Array.from({ length: 30 }, (_, i) => shownBy(pool, i + 4, 1, i).data[0]!);
    expect(shown).not.toContain(2);
    expect(shown).not.toContain(3);
    expect(pool.images).toHaveLength(2);
    expect(left).toHaveLength(4);
  });
});
