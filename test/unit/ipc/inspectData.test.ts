import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { inspectData } from "../../../extension/trainer/ipc/inspectData";
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
    smallest: [24, 32, 32],
    largest: [48, 64, 64],
    example: {
      a: expect.stringContaining(join("train", "lr", "IXI012.nii.gz")) as string,
      b: expect.stringContaining(join("train", "hr", "IXI012.nii.gz")) as string,
    },
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
    smallest: [20, 30],
  });
  const aligned = temporaryFolder({ "train/1.png": noise(1, 20, 60) });
  expect(await look(aligned)).toMatchObject({
    mode: "paired",
    kind: "aligned",
    dimensions: 2,
    folders: null,
    smallest: [20, 30],
  });
});
