import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { largestSmallText } from "../../../extension/files/limitedRead";
import { RunStore } from "../../../extension/host/runStore";
import { runFile, writeRunFolder } from "../runFolder/runOnDisk";
import { temporaryFolder } from "../runFolder/support";

let parent: string;
let store: RunStore;

beforeEach(() => {
  parent = temporaryFolder();
  store = new RunStore(() => [parent, join(parent, "missing")]);
});

async function names(): Promise<string[]> {
  await store.refresh();
  return store.runs.map(({ name }) => name);
}

describe("the runs below a folder", () => {
  it("are listed from the newest to the oldest", async () => {
    writeRunFolder(parent, "older", runFile({ createdAt: "2026-01-01T00:00:00Z" }));
    writeRunFolder(parent, "newer", runFile({ createdAt: "2026-01-03T00:00:00Z" }));
    writeRunFolder(parent, "between", runFile({ createdAt: "2026-01-02T00:00:00Z" }));
    expect(await names()).toEqual(["newer", "between", "older"]);
  });

  it("are called as their folders are, whatever their files say", async () => {
    const folder = writeRunFolder(parent, "renamed", runFile({ name: "as it was" }));
    await store.refresh();
    expect(store.get(folder)).toMatchObject({
      folder,
      name: "renamed",
      problem: null,
      isLocked: false,
      hasCheckpoint: false,
    });
  });

  it("stand before the example, which is called as its file says, also when they are older", async () => {
    const example = writeRunFolder(
      temporaryFolder(),
      "example",
      runFile({ name: "Example", createdAt: "2026-02-01T00:00:00Z" }),
    );
    writeRunFolder(parent, "own", runFile({ createdAt: "2026-01-01T00:00:00Z" }));
    let listed: string | null = null;
    store = new RunStore(
      () => [parent],
      () => listed,
    );
    expect(await names()).toEqual(["own"]);
    listed = example;
    expect(await names()).toEqual(["own", "Example"]);
    expect(store.runs.map(({ isExample }) => isExample)).toEqual([false, true]);
    rmSync(example, { recursive: true });
    expect(await names()).toEqual(["own"]);
  });

  it("are only folders with a run.json that is a file", async () => {
    writeRunFolder(parent, "run");
    mkdirSync(join(parent, "empty"));
    mkdirSync(join(parent, "odd", "run.json"), { recursive: true });
    writeFileSync(join(parent, "notes.txt"), "");
    expect(await names()).toEqual(["run"]);
  });

  it.each([
    ["cut off", JSON.stringify(runFile()).slice(0, 100), "is damaged: it is not JSON"],
    ["empty", "", "is damaged: it is not JSON"],
    ["of another kind", "[1, 2]", "is damaged at"],
    ["lacking a state", JSON.stringify({ ...runFile(), state: undefined }), "is damaged at state"],
    [
      "with a wrong key",
      JSON.stringify({ ...runFile(), config: { depht: 3 } }),
      "depht is not a key of the configuration",
    ],
    ["of a newer version", JSON.stringify({ ...runFile(), format: 9 }), "was written by a newer RevGAN"],
    ["huge", " ".repeat(largestSmallText + 1), "bytes, more than the 1048576 that are read"],
  ])("whose run.json is %s are there with what is wrong, and the others as well", async (_, text, problem) => {
    writeRunFolder(parent, "good");
    const bad = writeRunFolder(parent, "bad", text);
    expect((await names()).sort()).toEqual(["bad", "good"]);
    expect(store.get(bad)?.run).toBeNull();
    expect(store.get(bad)?.problem?.message).toContain(join(bad, "run.json"));
    expect(store.get(bad)?.problem?.message).toContain(problem);
    expect(store.get(bad)?.problem?.remedy).not.toBe("");
  });

  it("have a checkpoint only where a folder has a checkpoint's name", async () => {
    const folder = writeRunFolder(parent, "run");
    const checkpoints = join(folder, "checkpoints");
    mkdirSync(join(checkpoints, "old"), { recursive: true });
    mkdirSync(join(checkpoints, "000100.tmp"));
    await store.refresh();
    expect(store.get(folder)?.hasCheckpoint).toBe(false);
    mkdirSync(join(checkpoints, "000100"));
    await store.refresh();
    expect(store.get(folder)?.hasCheckpoint).toBe(true);
    rmSync(checkpoints, { recursive: true });
    await store.refresh();
    expect(store.get(folder)?.hasCheckpoint).toBe(false);
  });

  it("are locked while the process lives that trains them", async () => {
    const folder = writeRunFolder(parent, "run");
    const lock = { pid: process.ppid, host: hostname(), startedAt: "2026-01-02T03:04:05Z" };
    writeFileSync(join(folder, "lock"), JSON.stringify(lock));
    await store.refresh();
    expect(store.get(folder)?.isLocked).toBe(true);
    writeFileSync(join(folder, "lock"), JSON.stringify({ ...lock, pid: 2 ** 30 }));
    await store.refresh();
    expect(store.get(folder)?.isLocked).toBe(false);
  });

  it("may be in a folder of runs, as that of a sweep, which is no run itself", async () => {
    const sweep = join(parent, "depths");
    writeRunFolder(sweep, "depth-3");
    writeRunFolder(sweep, "depth-9", "{");
    writeFileSync(join(sweep, "sweep.sh"), "");
    writeRunFolder(writeRunFolder(parent, "run"), "not looked for in a run");
    writeRunFolder(join(sweep, "deeper"), "not looked for so deep");
    await store.refresh();
    expect(store.runs.map(({ name, group }) => [name, group]).sort()).toEqual([
      ["depth-3", sweep],
      ["depth-9", sweep],
      ["run", null],
    ]);
    rmSync(sweep, { recursive: true });
    expect(await names()).toEqual(["run"]);
  });

  it("may be in a folder elsewhere once that is named", async () => {
    const elsewhere = temporaryFolder();
    writeRunFolder(elsewhere, "depth-3");
    await store.addGroup(elsewhere);
    expect(store.runs.map(({ name, group }) => [name, group])).toEqual([["depth-3", elsewhere]]);
    expect(store.addedFolders).toEqual([elsewhere]);
    // What is listed already is not listed anew.
    const run = writeRunFolder(parent, "run");
    await store.addGroup(parent);
    expect(store.get(run)?.group).toBeNull();
    expect(store.addedFolders).toEqual([elsewhere]);
  });

  it("may lie elsewhere once they are named", async () => {
    const elsewhere = writeRunFolder(temporaryFolder(), "other");
    await store.add(elsewhere);
    expect(store.get(elsewhere)?.name).toBe("other");
    rmSync(elsewhere, { recursive: true });
    expect(await names()).toEqual([]);
  });

  it("are told of when one comes, changes or goes, and not otherwise", async () => {
    let told = 0;
    store.onChange(() => told++);
    const folder = writeRunFolder(parent, "run");
    await store.refresh();
    await store.refresh();
    expect(told).toBe(1);
    writeRunFolder(parent, "run", runFile({ state: "failed", step: 12345 }));
    await store.refresh();
    expect(told).toBe(2);
    rmSync(folder, { recursive: true });
    await Promise.all([store.refresh(), store.refresh()]);
    expect(told).toBe(3);
    expect(store.runs).toEqual([]);
  });
});
