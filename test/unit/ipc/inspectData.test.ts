import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { inspectData, inspectFolder, inspectFolders } from "../../../extension/trainer/ipc/inspectData";
import { noise, temporaryFolder } from "../../support/images";

const decoder = new DecoderClient();
afterAll(() => decoder.close());
const look = (folder: string): ReturnType<typeof inspectData> =>
  inspectData(folder, decoder, new AbortController().signal);

test("volumes in two folders are pairs, of which those with fewer voxels are A", async () => {
  const folder = "media/samples/brain-mini";
  expect(await look(folder)).toEqual({
    mode: "paired",
    kind: "two",
    dimensions: 3,
    folders: { a: "lr", b: "hr" },
    channels: { a: 1, b: 1 },
    a: 7,
    b: 7,
    pairs: 7,
    hasHeldOut: true,
    smallest: [24, 32, 32],
    largest: [48, 64, 64],
  });
});

test("volumes in trainA and trainB are told from pictures", async () => {
  const folder = temporaryFolder();
  for (const domain of ["trainA", "trainB"])
    cpSync("test/data/nifti/nibabel/functional.nii", join(folder, domain, "f.nii"));
  expect(await look(folder)).toMatchObject({
    mode: "unpaired",
    dimensions: 3,
    folders: null,
    channels: { a: 20, b: 20 },
    smallest: [3, 21, 17],
  });
});

test("pictures in two folders, and side by side", async () => {
  const inTwo = temporaryFolder({ "train/photo/1.png": noise(1, 20, 30), "train/sketch/1.png": noise(2, 20, 30, 1) });
  expect(await look(inTwo)).toMatchObject({
    mode: "paired",
    dimensions: 2,
    folders: { a: "photo", b: "sketch" },
    pairs: 1,
    smallest: [20, 30],
  });
  const aligned = temporaryFolder({ "train/1.png": noise(1, 20, 60) });
  expect(await look(aligned)).toMatchObject({
    mode: "paired",
    kind: "aligned",
    hasHeldOut: false,
    dimensions: 2,
    folders: null,
    smallest: [20, 30],
  });
});

test("two folders inside train without a common name are no pairs", async () => {
  const folder = temporaryFolder({ "train/cat/1.png": noise(1, 20, 30), "train/dog/2.png": noise(2, 20, 30) });
  expect(await look(folder)).toMatchObject({ mode: "unpaired", kind: "two", pairs: 0 });
});

const signal = new AbortController().signal;

test("a folder with pictures directly in it is one domain; one with parts is a data set", async () => {
  const folder = temporaryFolder({ "1.png": noise(1, 20, 30), "2.png": noise(2, 40, 20), "note.txt": "x" });
  expect(await inspectFolder(folder, decoder, signal)).toEqual({
    mode: "unpaired",
    kind: "one",
    dimensions: 2,
    folders: null,
    channels: { a: 3, b: 3 },
    a: 2,
    b: 0,
    pairs: 0,
    hasHeldOut: false,
    smallest: [20, 20],
    largest: [40, 30],
  });
  const set = temporaryFolder({ "1.png": noise(1, 20, 30), "train/1.png": noise(2, 20, 60) });
  expect(await inspectFolder(set, decoder, signal)).toMatchObject({ kind: "aligned", a: 1 });
  await expect(inspectFolder(temporaryFolder({ "note.txt": "x" }), decoder, signal)).rejects.toThrow(
    "has neither trainA and trainB nor train: found note.txt",
  );
});

test("two folders are pairs where most files have a partner of the same name", async () => {
  const root = temporaryFolder({
    "a/1.png": noise(1, 20, 30),
    "a/2.png": noise(2, 20, 30),
    "a/3.png": noise(3, 20, 30),
    "b/1.png": noise(4, 20, 40),
    "b/2.png": noise(5, 20, 30),
    "c/3.png": noise(6, 20, 30),
    "c/x.png": noise(7, 20, 30),
    "c/y.png": noise(8, 20, 30),
    empty: null,
  });
  const both = (b: string) => inspectFolders({ a: join(root, "a"), b: join(root, b) }, decoder, signal);
  expect(await both("b")).toMatchObject({ mode: "paired", kind: "two", a: 3, b: 2, pairs: 2, largest: [20, 40] });
  expect(await both("c")).toMatchObject({ mode: "unpaired", pairs: 1 });
  await expect(both("empty")).rejects.toThrow("holds no images");
  await expect(both("a")).rejects.toThrow("data.a and data.b are one folder");
});
