import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findDataFolders } from "../../../extension/host/findDataFolders";
import { temporaryFolder } from "../runFolder/support";

interface Workspace {
  readonly root: string;
  /** The data sets, relative to the workspace. */
  readonly found: (limit?: number) => Promise<string[]>;
  /** The other folders with data. */
  readonly plain: (limit?: number) => Promise<string[]>;
}

function workspace(...folders: string[]): Workspace {
  const root = temporaryFolder();
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  const within = (paths: readonly string[]): string[] => paths.map((path) => path.slice(root.length + 1));
  return {
    root,
    found: async (limit) => within((await findDataFolders(root, limit)).dataSets),
    plain: async (limit) => within((await findDataFolders(root, limit)).plain),
  };
}

describe("folders that look like data sets", () => {
  it("have trainA and trainB, or train; the nearest come first", async () => {
    const { found } = workspace("deep/er/pairs/train", "maps/trainA", "maps/trainB", "half/trainA", "empty");
    expect(await found()).toEqual(["maps", "deep/er/pairs"]);
  });

  it("may be called anything", async () => {
    const { found } = workspace('it\'s "mine"/trainA', 'it\'s "mine"/trainB', "été 日本/train", "100%25 #1/train");
    expect(await found()).toEqual(["100%25 #1", 'it\'s "mine"', "été 日本"]);
  });

  it("may be the workspace itself, and then nothing inside it is another", async () => {
    const { found } = workspace("trainA/more/train", "trainB", "other/train");
    expect(await found()).toEqual([""]);
  });

  it("are not looked for among runs, packages and builds, nor endlessly deep", async () => {
    const { found } = workspace(
      ".revgan/x/train",
      "node_modules/x/train",
      "dist/x/train",
      "__pycache__/train",
      "a/b/c/d/train",
      "a/b/c/d/e/train",
      "v/w/x/y/z/train",
    );
    expect(await found()).toEqual(["a/b/c/d"]);
  });

  it("are folders: a file called train, or a circle of links, is none", async () => {
    const { root, found } = workspace("notes", "loop");
    writeFileSync(join(root, "notes", "train"), "");
    symlinkSync(join(root, "loop"), join(root, "loop", "again"));
    expect(await found()).toEqual([]);
  });

  it("are no more than asked for, and none where nothing is", async () => {
    const { root, found } = workspace("a/train", "b/train", "c/train");
    expect(await found(2)).toEqual(["a", "b"]);
    expect(await findDataFolders(join(root, "missing"))).toEqual({ dataSets: [], plain: [] });
  });
});

describe("folders with pictures or volumes directly in them", () => {
  function withFiles(...files: string[]): Workspace {
    const made = workspace(...files.map((file) => dirname(file)));
    for (const file of files) writeFileSync(join(made.root, file), "");
    return made;
  }
  const three = (folder: string, ending: string): string[] =>
    ["1", "2", "3"].map((name) => `${folder}/${name}${ending}`);

  it("are found wherever they are, the nearest first, whatever else is in them", async () => {
    const { plain, found } = withFiles(
      ...three("flowers/daisy", ".JPG"),
      ...three("flowers/sunflower", ".jpeg"),
      ...three("heads", ".nii.gz"),
      "heads/readme.txt",
      ...three("heads/more", ".nii"),
      ...three(".", ".webp"),
    );
    expect(await plain()).toEqual(["", "heads", "flowers/daisy", "flowers/sunflower", "heads/more"]);
    expect(await found()).toEqual([]);
    expect(await plain(2)).toEqual(["", "heads"]);
  });

  it("are none with a picture or two, with hidden or other files, among packages, or inside a data set or a run", async () => {
    const { plain } = withFiles(
      "docs/logo.png",
      "docs/icon.png",
      ...three("hidden", ".png").map((file) => file.replace("hidden/", "hidden/._")),
      ...three("notes", ".txt"),
      ...three("node_modules/x", ".png"),
      ...three(".revgan/x", ".png"),
      ...three("set/train", ".png"),
      "runs/mine/run.json",
      ...three("runs/mine/samples/000100", ".png"),
    );
    expect(await plain()).toEqual([]);
  });
});
