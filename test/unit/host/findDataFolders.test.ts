import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findDataFolders } from "../../../extension/host/findDataFolders";
import { temporaryFolder } from "../runFolder/support";

function workspace(...folders: string[]): { root: string; found: (limit?: number) => Promise<string[]> } {
  const root = temporaryFolder();
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  return {
    root,
    found: async (limit) => (await findDataFolders(root, limit)).map((folder) => folder.slice(root.length + 1)),
  };
}

describe("folders that look like data", () => {
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
    expect(await findDataFolders(join(root, "missing"))).toEqual([]);
  });
});
