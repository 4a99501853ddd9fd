import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { readPicture, runKey } from "../../../extension/browserServer/servedFiles";

const picture = "a-input-0.png";
let root: string;
let run: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "revgan-pictures-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  run = join(root, 'a run\'s "é"');
  folder = join(run, "samples", "000100");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, "secret.png"), "secret");
});

it("reads a picture of a run", async () => {
  writeFileSync(join(folder, picture), "pixels");
  expect((await readPicture(run, join(folder, picture)))?.body.toString()).toBe("pixels");
  expect(await readPicture(run, join(folder, "b-input-0.png"))).toBeUndefined();
  expect(await readPicture(run, join(run, "samples", "000200", picture))).toBeUndefined();
});

it("follows no link out of the run folder, neither of a picture nor of a folder", async () => {
  symlinkSync(join(root, "secret.png"), join(folder, picture));
  expect(await readPicture(run, join(folder, picture))).toBeUndefined();
  mkdirSync(join(root, "000200"));
  writeFileSync(join(root, "000200", picture), "secret");
  symlinkSync(join(root, "000200"), join(run, "samples", "000200"));
  expect(await readPicture(run, join(run, "samples", "000200", picture))).toBeUndefined();
  // A neighbour whose name begins with the run's own is outside too.
  mkdirSync(`${run}-2`);
  writeFileSync(join(`${run}-2`, picture), "secret");
  symlinkSync(join(`${run}-2`, picture), join(folder, "a-input-1.png"));
  expect(await readPicture(run, join(folder, "a-input-1.png"))).toBeUndefined();
});

it("follows a link that stays in the run folder", async () => {
  writeFileSync(join(folder, picture), "pixels");
  symlinkSync(picture, join(folder, "a-input-1.png"));
  expect((await readPicture(run, join(folder, "a-input-1.png")))?.body.toString()).toBe("pixels");
});

it("does not wait for a pipe, nor read a folder", async () => {
  execFileSync("mkfifo", [join(folder, picture)]);
  mkdirSync(join(folder, "b-input-0.png"));
  expect(await readPicture(run, join(folder, picture))).toBeUndefined();
  expect(await readPicture(run, join(folder, "b-input-0.png"))).toBeUndefined();
});

it("names a run by 128 bits that say nothing of its folder", () => {
  expect(runKey(run)).toMatch(/^[0-9a-f]{32}$/);
  expect(runKey(run)).not.toBe(runKey(root));
});
