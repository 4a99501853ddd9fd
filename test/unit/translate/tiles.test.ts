import { describe, expect, it } from "vitest";
import { TileBlender } from "../../../extension/trainer/translate/tileBlender";
import type { Pixels } from "../../../extension/trainer/data/picture";
import { cropReflected, patchesFor, tilesFor } from "../../../extension/trainer/translate/tiles";

/** Values that tell every place and channel from every other. */
function ramp(height: number, width: number, channels = 2): Pixels {
  return { height, width, channels, data: Float32Array.from({ length: height * width * channels }, (_, i) => i / 64) };
}

/** The next side of which a network with two stages of downsampling takes a picture. */
const fitting = (side: number): number => Math.ceil(side / 4) * 4;

describe("a box of a picture", () => {
  it("shows the picture mirrored beyond its edges, as often as needed", () => {
    const row = cropReflected(
      { height: 1, width: 3, channels: 1, data: Float32Array.of(1, 2, 3) },
      { start: [-2, -3], size: [1, 11] },
    );
    expect([...row.data]).toEqual([2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2]);
  });

  it("keeps all channels of the pixels inside", () => {
    const picture = ramp(5, 4);
    expect(cropReflected(picture, { start: [0, 0], size: [5, 4] })).toEqual(picture);
    expect([...cropReflected(picture, { start: [2, 1], size: [1, 1] }).data]).toEqual([18 / 64, 19 / 64]);
  });
});

describe.each([
  { height: 512, width: 512, side: 256 },
  { height: 1000, width: 333, side: 256 },
  { height: 257, width: 64, side: 256 },
  { height: 131, width: 517, side: 128 },
])("tiles of $side on $height×$width", ({ height, width, side }) => {
  it("begin where the network samples the whole picture, and together give it back", () => {
    const picture = ramp(height, width);
    const { boxes, overlap } = tilesFor([height, width], side, 4, fitting);
    expect(boxes.every(({ start }) => start.every((place) => place % 4 === 0))).toBe(true);
    const blender = new TileBlender(picture, picture.channels, overlap);
    for (const box of boxes) blender.add(cropReflected(picture, box), box);
    const whole = blender.finish();
    expect(whole.data.length).toBe(picture.data.length);
    const worst = whole.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - picture.data[i]!) / (1 + picture.data[i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
  });

  it("take their statistics from patches of four tiles' size at most", () => {
    const patches = patchesFor([height, width], side, side / 2);
    expect(patches.length * patches[0]!.size[0]! * patches[0]!.size[1]!).toBeLessThanOrEqual(4 * side * side);
    expect(new Set(patches.map(({ size }) => size.join("×"))).size).toBe(1);
    for (const {
      start: [top, left],
    } of patches)
      expect(top! >= 0 && left! >= 0 && top! < height && left! < width).toBe(true);
  });
});

it.each([
  [256, 256],
  [512, 512],
  [490, 300],
  [100, 1000],
  [1024, 20],
])("%i×%i is covered by the patches of 256 that its statistics are taken from", (height, width) => {
  const seen = new Set<string>();
  for (const { start, size } of patchesFor([height, width], 256, 128)) {
    const [top, left, down, across] = [...start, ...size] as [number, number, number, number];
    for (let i = top; i < top + down; i++) for (let j = left; j < left + across; j++) seen.add(`${i} ${j}`);
  }
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) if (!seen.has(`${i} ${j}`)) expect.fail(`${i}, ${j} is in no patch`);
});

it("takes statistics from smaller patches, spread from edge to edge, where four tiles do not cover a picture", () => {
  const patches = patchesFor([700, 1300], 512, 256);
  expect(patches.length * 256 * 256).toBeLessThanOrEqual(4 * 512 * 512);
  expect([...new Set(patches.map(({ start }) => start[1]!))]).toEqual([0, 261, 522, 783, 1044]);
  expect([...new Set(patches.map(({ start }) => start[0]!))]).toEqual([0, 222, 444]);
});

it.each([
  // 2048 + 2 · 48 in three; one tile down, of its own height.
  { height: 100, width: 2048, side: 768, size: [100, 716], starts: [0, 668, 1332] },
  { height: 769, width: 768, side: 768, size: [412, 768], starts: [0] },
])("tiles of $height×$width are no larger than the picture needs", ({ height, width, side, size, starts }) => {
  const { boxes } = tilesFor([height, width], side, 4, fitting);
  expect([...new Set(boxes.map((box) => box.size.join("×")))]).toEqual([size.join("×")]);
  expect([...new Set(boxes.map(({ start }) => start[1]!))]).toEqual(starts);
});

it("crossfades two tiles that disagree, without a step", () => {
  const size = { height: 4, width: 448 };
  const { boxes, overlap } = tilesFor([4, 448], 256, 4, fitting);
  const blender = new TileBlender(size, 1, overlap);
  boxes.forEach((box, i) =>
    blender.add({ height: 256, width: 256, channels: 1, data: new Float32Array(256 * 256).fill(i) }, box),
  );
  const { data } = blender.finish();
  expect([data[0], data[447]]).toEqual([0, 1]);
  const steps = Array.from({ length: 447 }, (_, i) => Math.abs(data[i + 1]! - data[i]!));
  expect(Math.max(...steps)).toBeLessThan(0.05);
});

describe.each([
  [[64, 64, 48], 32],
  [[33, 101, 17], 32],
  [[20, 9, 120], 24],
] as const)("blocks of a volume of %j", (sides, side) => {
  const [depth, height, width] = sides;
  const data = Float32Array.from({ length: depth * height * width * 2 }, (_, i) => Math.sin(i));
  const volume: Pixels = { depth, height, width, channels: 2, data };

  it("with the identity in the network's place give it back within 1e-6", () => {
    const { boxes, overlap } = tilesFor(sides, side, 2, (length) => Math.ceil(length / 2) * 2);
    expect(boxes.length).toBeGreaterThan(2);
    const blender = new TileBlender(volume, 2, overlap);
    for (const box of boxes) blender.add(cropReflected(volume, box), box);
    const whole = blender.finish();
    expect(whole).toMatchObject({ depth, height, width, channels: 2 });
    expect(whole.data.reduce((most, value, i) => Math.max(most, Math.abs(value - data[i]!)), 0)).toBeLessThan(1e-6);
  });

  it("take their statistics from no more voxels than four of them have", () => {
    const patches = patchesFor(sides, side, side / 2);
    const voxels = patches.reduce((sum, { size }) => sum + size.reduce((product, length) => product * length, 1), 0);
    expect(voxels).toBeLessThanOrEqual(4 * side ** 3);
    for (const { start } of patches)
      expect(start.every((place, axis) => place >= 0 && place < sides[axis]!)).toBe(true);
  });
});
