import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { scanDataset, sourcesOf, type Dataset, type Split } from "../../../../extension/trainer/data/dataset/dataset";
import { imageFiles } from "../../../../extension/trainer/data/dataset/fileKind";
import { drawHeldOut, holdOut } from "../../../../extension/trainer/data/dataset/heldOut";
import { temporaryFolder } from "../../../support/images";

/** Empty files: nothing here opens them. */
const files = (folder: string, from: number, to: number, ending = "jpg"): Record<string, string> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`${folder}/${from + i}.${ending}`, ""]));

const namesIn = (split: Split | null): { a: string[]; b: string[] } => {
  const { a, b } = sourcesOf(split);
  return { a: a.map(({ file }) => basename(file)), b: b.map(({ file }) => basename(file)) };
};

function draw(dataset: Dataset, val: number, test: number, seed = 0): Dataset {
  return holdOut(dataset, drawHeldOut(dataset, { val, test }, seed, imageFiles));
}

const twoFolders = (root: string, mode: "paired" | "unpaired"): Dataset =>
  scanDataset({ a: `${root}/cats`, b: `${root}/dogs` }, mode);

describe("files that are held out", () => {
  it("are so many of each domain, none of them trained on", () => {
    const root = temporaryFolder({ ...files("cats", 0, 20), ...files("dogs", 100, 140, "png") });
    const { splits } = draw(twoFolders(root, "unpaired"), 0.1, 0.25);
    const [train, val, test] = [splits.train, splits.val, splits.test].map(namesIn);
    expect([train!.a.length, val!.a.length, test!.a.length]).toEqual([13, 2, 5]);
    expect([train!.b.length, val!.b.length, test!.b.length]).toEqual([26, 4, 10]);
    expect(new Set([...train!.a, ...val!.a, ...test!.a]).size).toBe(20);
    expect(val!.a).toEqual(val!.a.toSorted());
  });

  it("are the same for the same seed, and others for another", () => {
    const root = temporaryFolder({ ...files("cats", 0, 40), ...files("dogs", 0, 40) });
    const dataset = twoFolders(root, "unpaired");
    expect(draw(dataset, 0.2, 0, 1)).toEqual(draw(dataset, 0.2, 0, 1));
    expect(namesIn(draw(dataset, 0.2, 0, 1).splits.val)).not.toEqual(namesIn(draw(dataset, 0.2, 0, 2).splits.val));
  });

  it("go with their partners, by pairs and also where names are equal by chance", () => {
    const root = temporaryFolder({ ...files("cats", 0, 12), ...files("dogs", 0, 12, "png") });
    for (const mode of ["paired", "unpaired"] as const) {
      const { val, train } = draw(twoFolders(root, mode), 0.25, 0).splits;
      for (const split of [val, train]) {
        const { a, b } = namesIn(split);
        expect(b).toEqual(a.map((name) => name.replace("jpg", "png")));
      }
    }
  });

  it("stay the same when files are added", () => {
    const root = temporaryFolder({ ...files("train", 0, 10) });
    const before = scanDataset({ path: root, folders: null }, "paired");
    const heldOut = drawHeldOut(before, { val: 0.2, test: 0 }, 0, imageFiles);
    const more = scanDataset(
      { path: temporaryFolder({ ...files("train", 0, 30), ...files("test", 0, 3) }), folders: null },
      "paired",
    );
    const after = holdOut(more, heldOut);
    expect(namesIn(after.splits.val)).toEqual(namesIn(holdOut(before, heldOut).splits.val));
    expect(namesIn(after.splits.train).a).toHaveLength(28);
    expect(namesIn(after.splits.test).a).toHaveLength(3);
  });

  it("are not drawn where the data have the part, or nothing is asked for", () => {
    const root = temporaryFolder({ ...files("train", 0, 10), ...files("val", 0, 3) });
    const dataset = scanDataset({ path: root, folders: null }, "paired");
    expect(drawHeldOut(dataset, { val: 0.5, test: 0 }, 0, imageFiles)).toBeNull();
    expect(drawHeldOut(dataset, null, 0, imageFiles)).toBeNull();
    const { splits } = draw(dataset, 0.5, 0.3);
    expect([splits.train, splits.val, splits.test].map((split) => namesIn(split).a.length)).toEqual([7, 3, 3]);
  });

  it("leave something to train on", () => {
    const root = temporaryFolder({ ...files("cats", 0, 2), ...files("dogs", 0, 30) });
    expect(() => draw(twoFolders(root, "unpaired"), 0.1, 0.1)).toThrow(
      `${root} has 2 images of A: too few to hold out val and test (data.split) and train on the others`,
    );
  });
});
