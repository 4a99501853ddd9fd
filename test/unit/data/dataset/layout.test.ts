import { mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DataFolder } from "../../../../extension/configuration/dataLocation";
import { RevganError } from "../../../../extension/protocol/errors";
import {
  scanDataset,
  type Mode,
  nameOf,
  sourcesOf,
  type Source,
} from "../../../../extension/trainer/data/dataset/dataset";
import { temporaryFolder, writeTree } from "../../../support/images";

const at = (path: string, folders: DataFolder["folders"] = null): DataFolder => ({ path, folders });
const names = (files: readonly string[]): string[] => files.map((file) => basename(file));
const shown = (sources: readonly Source[]): string[] => sources.map((source) => `${nameOf(source)} ${source.half}`);

function refusal(path: string, mode: Mode = "unpaired", folders: DataFolder["folders"] = null): RevganError {
  try {
    scanDataset(at(path, folders), mode);
  } catch (error) {
    expect(error).toBeInstanceOf(RevganError);
    return error as RevganError;
  }
  throw new Error("the data set was accepted");
}

describe("the layout of a data set", () => {
  it("is two folders a split, in the order of code units, without hidden and other files", () => {
    const root = temporaryFolder({
      "trainA/b.png": "",
      "trainA/B.JPG": "",
      "trainA/a.jpeg": "",
      "trainA/ä.webp": "",
      "trainA/10.tif": "",
      "trainA/9.tiff": "",
      "trainA/.hidden.png": "",
      "trainA/CREDITS.tsv": "",
      "trainA/.git/x.png": "",
      "trainA/sub/x.png": "",
      "trainB/x.avif": "",
      "trainB/y.GIF": "",
      "testA/1.png": "",
      "testB/2.png": "",
    });
    const { splits, problems } = scanDataset(at(root), "unpaired");
    expect(splits.train.kind === "two" && names(splits.train.a)).toEqual([
      "10.tif",
      "9.tiff",
      "B.JPG",
      "a.jpeg",
      "b.png",
      "ä.webp",
    ]);
    expect(splits.train.kind === "two" && names(splits.train.b)).toEqual(["x.avif", "y.GIF"]);
    expect(splits.val).toBeNull();
    expect(sourcesOf(splits.test)).toEqual({
      a: [{ file: join(root, "testA/1.png"), half: "whole" }],
      b: [{ file: join(root, "testB/2.png"), half: "whole" }],
    });
    expect(problems).toEqual([]);
  });

  it("is one folder a split with A left and B right, also for unpaired training", () => {
    const root = temporaryFolder({ "train/1.png": "", "train/2.png": "", "val/3.png": "", "test/4.png": "" });
    for (const mode of ["paired", "unpaired"] as const) {
      const { splits } = scanDataset(at(root), mode);
      expect(shown(sourcesOf(splits.train).a)).toEqual(["1 left", "2 left"]);
      expect(shown(sourcesOf(splits.train).b)).toEqual(["1 right", "2 right"]);
      expect(shown(sourcesOf(splits.val).b)).toEqual(["3 right"]);
    }
    expect(sourcesOf(null)).toEqual({ a: [], b: [] });
  });

  it("is found for the data that ships with the product", () => {
    const { splits, problems } = scanDataset(at("media/samples/nuclei-labels"), "paired");
    expect([splits.train, splits.val, splits.test].map((split) => sourcesOf(split).a.length)).toEqual([83, 10, 10]);
    expect(problems).toEqual([]);
  });

  it("is two folders of any name inside each split, when they are named", () => {
    const root = temporaryFolder({
      "train/lr/1.png": "",
      "train/hr/1.png": "",
      "test/lr/2.png": "",
      "test/hr/2.png": "",
    });
    const { splits } = scanDataset(at(root, { a: "lr", b: "hr" }), "paired");
    expect(splits.train).toEqual({ kind: "two", a: [join(root, "train/lr/1.png")], b: [join(root, "train/hr/1.png")] });
    expect(refusal(root, "paired")).toMatchObject({
      message: expect.stringContaining("found hr, lr") as string,
      remedy: expect.stringContaining("data.folders") as string,
    });
    expect(refusal(root, "paired", { a: "low", b: "hr" }).message).toContain(join("train", "low"));
  });

  it("pairs files of the same name whatever their endings, and names the lonely ones", () => {
    const root = temporaryFolder({
      "trainA/1.png": "",
      "trainA/2.png": "",
      "trainA/3.png": "",
      "trainB/1.jpg": "",
      "trainB/3.png": "",
      "trainB/4.png": "",
      "trainB/3.jpg": "",
    });
    const { splits, problems } = scanDataset(at(root), "paired");
    expect(splits.train.kind === "two" && [names(splits.train.a), names(splits.train.b)]).toEqual([
      ["1.png", "3.png"],
      ["1.jpg", "3.jpg"],
    ]);
    expect(problems.map(({ file, reason }) => `${basename(file)} ${reason.replaceAll(root, "")}`)).toEqual([
      "3.png has the same name as /trainB/3.jpg, and only one can be the partner",
      "2.png has no partner named 2 in /trainB",
      "4.png has no partner named 4 in /trainA",
    ]);
    expect(scanDataset(at(root), "unpaired").problems).toEqual([]);
  });

  it("names folders that look like images, links to nothing, bitmaps and volumes instead of opening them", () => {
    const root = temporaryFolder({
      "trainA/ok.png": "",
      "trainA/folder.png": null,
      "trainA/old.bmp": "",
      "trainA/brain.nii.gz": "",
      "trainB/ok.png": "",
    });
    symlinkSync("/nowhere", join(root, "trainA/link.png"));
    symlinkSync(join(root, "trainA/ok.png"), join(root, "trainB/good-link.png"));
    const { splits, problems } = scanDataset(at(root), "unpaired");
    expect(problems.map(({ file, reason }) => `${basename(file)} ${reason}`)).toEqual([
      "brain.nii.gz is a volume, and the network is for images",
      "folder.png is a folder, not an image",
      "link.png is a link to a file that does not exist",
      "old.bmp is a BMP file, which is not supported",
    ]);
    expect(problems[3]!.remedy).toContain("convert it to PNG");
    expect(splits.train.kind === "two" && splits.train.b).toHaveLength(2);
  });

  it("may be pairs side by side in the data folder itself, in paired mode and where it has no parts", () => {
    const root = temporaryFolder({ "1.png": "", "2.png": "", "more/3.png": "" });
    const { splits } = scanDataset(at(root), "paired");
    expect(splits.train).toEqual({ kind: "aligned", files: [join(root, "1.png"), join(root, "2.png")] });
    expect([splits.val, splits.test]).toEqual([null, null]);
    expect(refusal(root).message).toBe(`${root} has neither trainA and trainB nor train: found 1.png, 2.png, more`);
    writeTree(root, { "train/4.png": "" });
    expect(scanDataset(at(root), "paired").splits.train).toEqual({
      kind: "aligned",
      files: [join(root, "train", "4.png")],
    });
  });

  it("is refused with the folder that is missing or empty, what was found, and what to do", () => {
    const root = temporaryFolder();
    expect(refusal(join(root, "nowhere"))).toMatchObject({
      code: "data",
      message: `there is no folder ${join(root, "nowhere")}`,
      remedy: expect.stringContaining("--data") as string,
    });
    expect(refusal(root).message).toBe(`${root} has neither trainA and trainB nor train: it is empty`);
    writeTree(root, { "horses/1.png": "", "zebras/1.png": "" });
    expect(refusal(root)).toMatchObject({
      message: expect.stringContaining("found horses, zebras") as string,
      remedy: expect.stringContaining("trainA") as string,
    });
    writeTree(root, { "trainA/1.png": "" });
    expect(refusal(root).message).toBe(`there is no folder ${join(root, "trainB")} beside ${join(root, "trainA")}`);
    mkdirSync(join(root, "trainB"));
    expect(refusal(root).message).toBe(`${join(root, "trainB")} holds no images: it is empty`);
    writeTree(root, { "trainB/2.bmp": "" });
    expect(refusal(root)).toMatchObject({
      message: expect.stringContaining("2.bmp is a BMP file") as string,
      remedy: expect.stringContaining("convert") as string,
    });
    writeTree(root, { "trainB/2.png": "" });
    expect(refusal(root, "paired").message).toContain("has a partner of the same name");
    writeTree(root, { testA: null, "testB/1.png": "" });
    expect(refusal(root).message).toContain(join(root, "testA"));
  });
});

describe("two folders of any place", () => {
  it("are A and B", () => {
    const root = temporaryFolder({ "x/cats/1.jpg": "", "dogs/2.png": "", "dogs/notes.txt": "" });
    const dataset = scanDataset({ a: join(root, "x/cats"), b: join(root, "dogs") }, "unpaired");
    expect(dataset.root).toBe(root);
    expect(dataset.splits).toEqual({
      train: { kind: "two", a: [join(root, "x/cats/1.jpg")], b: [join(root, "dogs/2.png")] },
      val: null,
      test: null,
    });
  });

  it("are pairs by name when they are to be", () => {
    const root = temporaryFolder({ "in/1.jpg": "", "in/2.jpg": "", "out/2.png": "" });
    const { splits, problems } = scanDataset({ a: join(root, "in"), b: join(root, "out") }, "paired");
    expect(sourcesOf(splits.train).a.map(({ file }) => file)).toEqual([join(root, "in/2.jpg")]);
    expect(problems.map(({ file }) => file)).toEqual([join(root, "in/1.jpg")]);
  });

  it("must be there, and two", () => {
    const root = temporaryFolder({ "cats/1.jpg": "" });
    const a = join(root, "cats");
    expect(() => scanDataset({ a, b: join(root, "dogs") }, "unpaired")).toThrow(`there is no folder ${root}/dogs`);
    symlinkSync(a, join(root, "same"));
    expect(() => scanDataset({ a, b: join(root, "same") }, "unpaired")).toThrow("data.a and data.b are one folder");
  });
});
