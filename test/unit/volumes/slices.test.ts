import { expect, test } from "vitest";
import { volumeSlices } from "../../../extension/protocol/runFileNames";
import type { Picture } from "../../../extension/trainer/data/picture";
import { slicesAtPlaces, threeSlices } from "../../../extension/trainer/volumes/slices";
import type { Volume } from "../../../extension/trainer/volumes/volume";

/** Each voxel says where it is: 100 z + 10 y + x, in thousandths. */
function numbered(depth: number, height: number, width: number): Volume {
  const data = Float32Array.from(
    { length: depth * height * width },
    (_, i) => (100 * Math.floor(i / (height * width)) + 10 * (Math.floor(i / width) % height) + (i % width)) / 1000,
  );
  return { data, depth, height, width, channels: 1 } as unknown as Volume;
}

const rowsOf = ({ data, width }: Picture): number[][] =>
  Array.from({ length: data.length / width }, (_, row) =>
    Array.from(data.subarray(row * width, (row + 1) * width), (value) => Math.round(value * 1000)),
  );

test("a volume is shown by three slices through its middle, z, y and x upwards and to the right", () => {
  const picture = threeSlices(numbered(4, 2, 3));
  expect(picture).toMatchObject({ height: 4, width: 3 + 3 + 2, channels: 1 });
  const none = -1000;
  expect(rowsOf(picture)).toEqual([
    [210, 211, 212, 310, 311, 312, 301, 311],
    [200, 201, 202, 210, 211, 212, 201, 211],
    [none, none, none, 110, 111, 112, 101, 111],
    [none, none, none, 10, 11, 12, 1, 11],
  ]);
});

test("it is cut in nine places, from its first tenth to its last", () => {
  const volume = numbered(10, 5, 3);
  const found = slicesAtPlaces(volume).map(([place, picture]) => [
    place,
    ...[0, 3, 6].map((column) => rowsOf(picture)[0]![column]),
  ]);
  // The upper left voxels: of the slice at z, the last y and the first x; of that at y, the last z; of that at x, both.
  expect(found).toEqual(
    volumeSlices.map((place) => [
      place,
      100 * (place / 10) + 40,
      900 + 10 * Math.floor(place / 20),
      900 + Math.floor((3 * place) / 100),
    ]),
  );
  expect(slicesAtPlaces(volume)[4]![1]).toEqual(threeSlices(volume));
});

test("a picture is itself", () => {
  const picture: Picture = { data: new Float32Array(4), height: 2, width: 2, channels: 1, bits: 8, alpha: null };
  expect(slicesAtPlaces(picture)).toEqual([[50, picture]]);
});
