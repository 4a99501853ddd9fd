import { expect, test } from "vitest";
import { parseSampleName, sampleName, volumeSlices } from "../../../../extension/protocol/runFileNames";
import { addressOf, describePicture, picturesOf, rowsOf, slicesOf } from "../../../../webview/samples/sampleNames";

test("pictures stand in the order in which they are made, whatever the order of the names", () => {
  const names = [
    "b-input-0.png",
    "a-cycled-10.png",
    "a-truth-0.png",
    "a-input-0.png",
    "a-input-10.png",
    "a-cycled-0.png",
    "a-translated-0.png",
    "a-translated-2.png",
  ];
  expect(picturesOf(names).map(({ name }) => name)).toEqual([
    "a-input-0.png",
    "a-translated-0.png",
    "a-cycled-0.png",
    "a-truth-0.png",
    "a-translated-2.png",
    "a-input-10.png",
    "a-cycled-10.png",
    "b-input-0.png",
  ]);
});

test.each([
  "c-input-0.png",
  "a-input-0.png.exe",
  "../a-input-0.png",
  "a-input-.png",
  "a-input-12345.png",
  "a-input-0.PNG",
  "a-input-0.0.png",
  "a-input-0.50.png",
  "a-input-0.100.png",
  "a-input-0.-5.png",
  "<img src=x>",
  "",
])("%j is no picture of a sample", (name) => {
  expect(picturesOf([name])).toEqual([]);
});

test("a row has all that was made of one picture", () => {
  const rows = rowsOf(picturesOf(["a-input-1.png", "a-input-0.png", "b-input-0.png", "a-cycled-1.png"]), "a");
  expect(rows.map((row) => row.map(({ name }) => name))).toEqual([
    ["a-input-0.png"],
    ["a-input-1.png", "a-cycled-1.png"],
  ]);
});

test.each([
  [5, "run/samples/000005/a-input-0.png"],
  [1_234_567, "run/samples/1234567/a-input-0.png"],
])("the folder of step %i has six digits or more", (step, address) => {
  expect(addressOf("run/samples/", step, "a-input-0.png")).toBe(address);
});

test("a picture is described by its number, what it is and its step", () => {
  const [translated, truth] = picturesOf(["b-translated-1.png", "b-truth-1.png"]);
  expect(describePicture(translated!, 250, { a: "A", b: "B" })).toBe("Picture 2, B to A, step 250");
  expect(describePicture(truth!, 250, { a: "tissue", b: "labels" })).toBe("Picture 2, true tissue, step 250");
});

test("a volume's slices are one picture, whose places are known", () => {
  const names = volumeSlices.map((slice) => sampleName({ domain: "a", kind: "input", index: 3, slice }));
  expect(names.slice(3, 6)).toEqual(["a-input-3.40.png", "a-input-3.png", "a-input-3.60.png"]);
  expect(names.map((name) => parseSampleName(name)?.slice)).toEqual(volumeSlices);
  expect(picturesOf(names)).toEqual([{ domain: "a", kind: "input", index: 3, name: "a-input-3.png", isVolume: true }]);
  expect(slicesOf(names.toReversed())).toEqual(volumeSlices);
  expect(slicesOf(["a-input-0.png"])).toEqual([50]);
});
