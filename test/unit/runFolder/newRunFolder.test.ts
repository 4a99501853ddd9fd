import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRunFolder, defaultRunName } from "../../../extension/runFolder/newRunFolder";
import { namesIn, temporaryFolder } from "./support";

const now = new Date("2026-01-02T03:04:05.678Z");

describe("a new run", () => {
  it("lies in .revgan/runs under the data folder's name and the time, kept out of git", async () => {
    const cwd = temporaryFolder();
    const run = await createRunFolder({ dataFolders: ["/data/maps"], cwd, now });
    expect(run).toBe(join(cwd, ".revgan", "runs", "maps-20260102-030405"));
    expect(namesIn(run)).toEqual([]);
    expect(readFileSync(join(cwd, ".revgan", ".gitignore"), "utf8")).toBe("*\n");
  });

  it("gets another name in the same second", async () => {
    const cwd = temporaryFolder();
    const runs = await Promise.all([1, 2, 3].map(() => createRunFolder({ dataFolders: ["maps"], cwd, now })));
    expect(runs.map((run) => run.slice(-7)).sort()).toEqual(["-030405", "30405-2", "30405-3"]);
  });

  it.each([
    ["/data/my photos (1)/", "my-photos-1--20260102-030405"],
    ["/data/Fahrräder", "Fahrräder-20260102-030405"],
    ["/data/.hidden", "hidden-20260102-030405"],
    ["/", "run-20260102-030405"],
    ["/data/CON.maps", "CON_.maps-20260102-030405"],
    ["/data/console", "console-20260102-030405"],
  ])("for %s is called %s", (path, name) => expect(defaultRunName([path], now)).toBe(name));

  it("takes a named folder that is new or empty", async () => {
    const cwd = temporaryFolder();
    expect(await createRunFolder({ run: "deep/one", dataFolders: ["maps"], cwd })).toBe(join(cwd, "deep", "one"));
    expect(await createRunFolder({ run: "deep/one", dataFolders: ["maps"], cwd })).toBe(join(cwd, "deep", "one"));
    expect(namesIn(cwd)).toEqual(["deep"]);
  });

  it("keeps a named folder inside .revgan out of git, too, and a .gitignore as it is", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, ".revgan"));
    writeFileSync(join(cwd, ".revgan", ".gitignore"), "mine\n");
    await createRunFolder({ run: ".revgan/runs/one", dataFolders: ["maps"], cwd });
    expect(readFileSync(join(cwd, ".revgan", ".gitignore"), "utf8")).toBe("mine\n");
  });

  it("refuses a folder with files and a file", async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "full"));
    writeFileSync(join(cwd, "full", "x"), "");
    await expect(createRunFolder({ run: "full", dataFolders: ["maps"], cwd })).rejects.toMatchObject({
      code: "run",
      message: `${join(cwd, "full")} is not empty`,
    });
    await expect(createRunFolder({ run: "full/x", dataFolders: ["maps"], cwd })).rejects.toMatchObject({
      code: "run",
      message: `${join(cwd, "full", "x")} is not a folder`,
    });
    await expect(createRunFolder({ run: "full/x/y", dataFolders: ["maps"], cwd })).rejects.toMatchObject({
      code: "run",
    });
  });
});
