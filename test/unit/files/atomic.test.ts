import { readFileSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { RevganError } from "../../../extension/protocol/errors";
import { writeFileAtomic, writeFilesAtomic } from "../../../extension/files/atomic";
import { asDiskError } from "../../../extension/files/diskErrors";
import { makeReadOnly, namesIn, smallDisk, temporaryFolder } from "../runFolder/support";

describe("writing a file", () => {
  it("replaces what was there and leaves nothing beside it", async () => {
    const file = join(temporaryFolder(), "run.json");
    await writeFileAtomic(file, "old");
    await writeFileAtomic(file, [Buffer.from("ne"), Buffer.from("w")]);
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(namesIn(join(file, ".."))).toEqual(["run.json"]);
  });

  it("waits until the disk has the new content, then until it has the new name, so that it outlives a power cut", async () => {
    const folder = temporaryFolder();
    const handle = await open(folder);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const waits: string[] = [];
    const spy = vi.spyOn(handles, "sync").mockImplementation(async function (this: FileHandle) {
      const kind = (await this.stat()).isDirectory() ? "folder" : "file";
      waits.push(`${kind}, while run.json is ${namesIn(folder).includes("run.json") ? "there" : "not there"}`);
    });
    try {
      await writeFileAtomic(join(folder, "run.json"), "new");
    } finally {
      spy.mockRestore();
    }
    expect(waits).toEqual(["file, while run.json is not there", "folder, while run.json is there"]);
  });

  it("works many times at once, with one of the contents at the end", async () => {
    const file = join(temporaryFolder(), "run.json");
    await Promise.all(Array.from({ length: 20 }, (_, index) => writeFileAtomic(file, String(index).repeat(1000))));
    expect(readFileSync(file, "utf8")).toMatch(/^(\d{1,2})\1{999}$/);
    expect(namesIn(join(file, ".."))).toEqual(["run.json"]);
  });

  it("replaces none of several files where one cannot be written, and leaves nothing beside them", async () => {
    const folder = temporaryFolder();
    const [first, second] = [join(folder, "first"), join(folder, "none", "second")];
    writeFileSync(first, "old");
    const both = new Map([
      [first, "new"],
      [second, "new"],
    ]);
    await expect(writeFilesAtomic(both)).rejects.toMatchObject({ message: `${second} cannot be written (ENOENT)` });
    expect(readFileSync(first, "utf8")).toBe("old");
    expect(namesIn(folder)).toEqual(["first"]);
  });
});

describe("a full disk", () => {
  it("keeps the old file, removes the new one and says what to do (a device that is always full)", async () => {
    const file = join(temporaryFolder(), "run.json");
    writeFileSync(file, "old");
    const failure = writeFileAtomic(file, "new", { run: "/runs/maps", open: () => open("/dev/full", "w") });
    await expect(failure).rejects.toMatchObject({
      code: "disk",
      message: `the disk is full while writing ${file}`,
      remedy: "free some space, then go on with `revgan resume /runs/maps`",
    });
    expect(readFileSync(file, "utf8")).toBe("old");
  });

  it("keeps the old file, removes the new one and says what to do (a small disk)", async (context) => {
    const disk = smallDisk(64);
    if (disk === undefined) return context.skip("mounting is not permitted here; the test above covers the message");
    const file = join(disk, "run.json");
    await writeFileAtomic(file, "old");
    await expect(writeFileAtomic(file, new Uint8Array(200_000))).rejects.toMatchObject({
      code: "disk",
      message: `the disk is full while writing ${file}`,
    });
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(namesIn(disk)).toEqual(["run.json"]);
  });
});

describe("a disk that cannot be written", () => {
  it("is told as such", async (context) => {
    const disk = smallDisk(64);
    if (disk === undefined) return context.skip("mounting is not permitted here");
    makeReadOnly(disk);
    const file = join(disk, "run.json");
    await expect(writeFileAtomic(file, "new")).rejects.toMatchObject({
      code: "disk",
      message: `${file} cannot be written: the disk is read-only`,
    });
  });

  it("is an error of the disk when the folder is not there", async () => {
    const file = join(temporaryFolder(), "none", "run.json");
    await expect(writeFileAtomic(file, "new")).rejects.toMatchObject({
      code: "disk",
      message: `${file} cannot be written (ENOENT)`,
    });
  });
});

describe("errors of the file system", () => {
  const error = (code: string) => Object.assign(new Error(code), { code });

  it.each([
    ["ENOSPC", "the disk is full while writing /f"],
    ["EDQUOT", "your quota on the disk is used up while writing /f"],
    ["EACCES", "/f cannot be written: permission denied"],
    ["EROFS", "/f cannot be written: the disk is read-only"],
    ["EIO", "/f cannot be written (EIO)"],
  ])("%s", (code, message) => {
    expect(asDiskError(error(code), "/f")).toMatchObject({ code: "disk", message });
  });

  it("are told once, and nothing else becomes one", () => {
    const ours = new RevganError("disk", "a", "b");
    const fault = new TypeError("x is not a function");
    const argument = error("ERR_INVALID_ARG_TYPE");
    expect(asDiskError(ours, "/f")).toBe(ours);
    expect(asDiskError(fault, "/f")).toBe(fault);
    expect(asDiskError(argument, "/f")).toBe(argument);
  });
});
