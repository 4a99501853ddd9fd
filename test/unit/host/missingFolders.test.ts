import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { missingFolders } from "../../../extension/host/missingFolders";

const root = mkdtempSync(join(tmpdir(), "revgan-missing-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const folder of ["data/nuclei", "data/zebras", "data sets", ".hidden", "other/nuclei"])
  mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(root, "dats"), "");

const data = (path: string | null) => ({ path, a: null, b: null });
const nearest = async (path: string): Promise<string | null | undefined> =>
  (await missingFolders(data(path), root))[0]?.nearest;

it.each([
  ["data/nuclie", join("data", "nuclei")],
  ["daat/nuclei", join("data", "nuclei")],
  ["./Data/nuclei", join("data", "nuclei")],
  ["dat", "data"],
  ["data/zebra", join("data", "zebras")],
])("%s most likely means %s", async (given, meant) => {
  expect(await nearest(given)).toBe(meant);
});

it("an absolute path is told as one", async () => {
  expect(await missingFolders(data(join(root, "daat", "nuclei")), "/anywhere")).toEqual([
    { key: "data.path", path: join(root, "daat", "nuclei"), nearest: join(root, "data", "nuclei") },
  ]);
});

it.each(["elsewhere/entirely", "data/horses", "daat/horses", "hidden"])("nothing is near %s", async (given) => {
  expect(await nearest(given)).toBeNull();
});

it("a file in the place of a folder is none", async () => {
  expect(await nearest("dats")).toBe("data");
});

it("what is there is not missing", async () => {
  expect(await missingFolders(data("data/nuclei"), root)).toEqual([]);
  expect(await missingFolders(data(null), root)).toEqual([]);
});

it("each of two folders is told by its key", async () => {
  expect(await missingFolders({ path: null, a: "dato", b: "data/zebras" }, root)).toEqual([
    { key: "data.a", path: join(root, "dato"), nearest: "data" },
  ]);
});
