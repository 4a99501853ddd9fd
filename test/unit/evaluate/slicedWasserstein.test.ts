import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { pixelsOf, type Pixels } from "../../../extension/trainer/data/picture";
import { patchCount, PatchSet, slicedWasserstein } from "../../../extension/trainer/evaluate/slicedWasserstein";
import numpy from "./slicedWasserstein.json";

const samples = join(import.meta.dirname, "..", "..", "..", "media", "samples", "nuclei-labels", "train");

/** The upper left corner of a picture. */
function cut({ data, width, channels }: Pixels, height: number, columns: number): Pixels {
  const kept = data.filter((_, i) => {
    const pixel = Math.floor(i / channels);
    return pixel < height * width && pixel % width < columns;
  });
  return { data: kept, height, width: columns, channels };
}

function setOf(images: readonly Pixels[]): PatchSet {
  const set = new PatchSet(images.length, images[0]!.channels);
  images.forEach((image, i) => set.add(image, i));
  return set;
}

/** One colour everywhere. */
const flat = (value: number, side = 32): Pixels => ({
  data: new Float32Array(side * side).fill(value / 127.5 - 1),
  height: side,
  width: side,
  channels: 1,
});

describe("the sliced Wasserstein distance", () => {
  const decoder = new DecoderClient();
  afterAll(() => decoder.close());

  /** A half of a sample, named as the fixture names it. */
  const read = async (name: string): Promise<Pixels> => {
    const [file, half, height, width] = name.split(":") as [string, "left" | "right", string, string];
    const whole = { loadSize: null, crop: null, multiple: 1, flip: false, channels: 3 as const, alpha: false };
    const { picture } = await decoder.decode({ file: join(samples, file), half, ...whole });
    return cut(picture, Number(height), Number(width));
  };
  const readAll = (names: readonly string[]): Promise<Pixels[]> => Promise.all(names.map(read));

  it.each(numpy.pictures)("is numpy's: $name", async ({ x, y, distance }) => {
    const [first, second] = [setOf(await readAll(x)), setOf(await readAll(y))];
    expect(Math.abs(slicedWasserstein(first, second)! - distance)).toBeLessThan(1e-6);
    expect(slicedWasserstein(second, first)).toBeCloseTo(distance, 9);
  });

  it("is numpy's for volumes, of which some slices are taken", async () => {
    const volume = (slices: readonly Pixels[]): Pixels => {
      const { height, width, channels } = slices[0]!;
      const data = Float32Array.from(slices.flatMap((slice) => [...slice.data]));
      return pixelsOf(data, [slices.length, height, width], channels);
    };
    const [thin, thick] = await Promise.all([numpy.volumes.x, numpy.volumes.y].map(readAll));
    const found = slicedWasserstein(setOf([volume(thin!)]), setOf([volume(thick!)]))!;
    expect(Math.abs(found - numpy.volumes.distance)).toBeLessThan(1e-6);
  });

  it("is 0 of a set and itself, and grows with what a set lacks: texture, then colour", async () => {
    const tissue = await readAll(numpy.pictures[0]!.x);
    expect(slicedWasserstein(setOf(tissue), setOf(tissue))).toBe(0);
    const other = slicedWasserstein(setOf(tissue), setOf(await readAll(numpy.pictures[1]!.y)))!;
    const smooth = tissue.map((picture) => ({ ...picture, data: picture.data.map((_, i) => meanAround(picture, i)) }));
    const smoothed = slicedWasserstein(setOf(tissue), setOf(smooth))!;
    const dark = tissue.map((picture) => ({ ...picture, data: picture.data.map((value) => value / 2 - 0.5) }));
    const darkened = slicedWasserstein(setOf(tissue), setOf(dark))!;
    expect(smoothed).toBeGreaterThan(0.1);
    expect(darkened).toBeGreaterThan(Math.max(smoothed, other));
  });

  it("of two flat greys is their difference at the coarsest scale alone, times what a direction sees of it", () => {
    const [ten, five] = [flat(110), flat(105)].map((picture) =>
      slicedWasserstein(setOf([picture]), setOf([flat(100)]))!,
    );
    expect(ten! / five!).toBeCloseTo(2, 5);
    // The mean of |sum of a random direction of length 1| is √(2/π), of 64 directions about that; and one scale of three differs.
    expect(ten! / 10).toBeGreaterThan((0.8 * 0.7) / 3);
    expect(ten! / 10).toBeLessThan((0.8 * 1.3) / 3);
  });

  it("takes so many patches of any number of pictures, and none of those that are too small", () => {
    for (const count of [1, 3, 5000]) {
      const set = new PatchSet(count, 1);
      for (let i = 0; i < count; i++) set.add(flat(i % 256, 28), i);
      expect(set.sorted()[0]).toHaveLength(patchCount);
    }
    const small = setOf([flat(1, 27)]);
    expect(small.sorted()).toEqual([]);
    expect(slicedWasserstein(small, setOf([flat(1)]))).toBeNull();
  });
});

/** The mean over 3 × 3 pixels within the picture. */
function meanAround({ data, height, width, channels }: Pixels, i: number): number {
  const [c, pixel] = [i % channels, Math.floor(i / channels)];
  const [y, x] = [Math.floor(pixel / width), pixel % width];
  const near = [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1]
      .filter((dx) => y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width)
      .map((dx) => data[((y + dy) * width + x + dx) * channels + c]!),
  );
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}
