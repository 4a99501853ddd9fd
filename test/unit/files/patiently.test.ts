import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeFolder, renamePatiently } from "../../../extension/files/patiently";
import { onPlatform } from "../../support/platform";
import { temporaryFolder } from "../runFolder/support";

/** Node's rename as Windows answers it while another program has the file open, so many times. */
function busyFor(times: number, code = "EPERM"): { attempt: typeof rename; tries: () => number } {
  let tries = 0;
  const attempt: typeof rename = async (from, to) => {
    if (tries++ < times) throw Object.assign(new Error(`${code}: operation not permitted, rename`), { code });
    await rename(from, to);
  };
  return { attempt, tries: () => tries };
}

function twoFiles(): [string, string] {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, "new"), join(folder, "run.json")] as const;
  writeFileSync(from, "new");
  writeFileSync(to, "old");
  return [from, to];
}

describe("on Windows a file that another program has open", () => {
  onPlatform("win32");

  it.each(["EPERM", "EACCES", "EBUSY"])("is replaced as soon as that has closed it (%s)", async (code) => {
    const [from, to] = twoFiles();
    await renamePatiently(from, to, busyFor(3, code).attempt);
    expect(readFileSync(to, "utf8")).toBe("new");
  });

  it("is not waited for for ever", async () => {
    const { attempt, tries } = busyFor(100);
    await expect(renamePatiently(...twoFiles(), attempt)).rejects.toMatchObject({ code: "EPERM" });
    expect(tries()).toBe(8);
  });

  it("is not waited for where it is not there", async () => {
    const { attempt, tries } = busyFor(100, "ENOENT");
    await expect(renamePatiently(...twoFiles(), attempt)).rejects.toMatchObject({ code: "ENOENT" });
    expect(tries()).toBe(1);
  });
});

it("on other systems a refusal is one", async () => {
  const { attempt, tries } = busyFor(1);
  await expect(renamePatiently(...twoFiles(), attempt)).rejects.toMatchObject({ code: "EPERM" });
  expect(tries()).toBe(1);
});

it("a folder is removed with all that is in it, if it is there", async () => {
  const folder = join(temporaryFolder(), "run");
  mkdirSync(join(folder, "checkpoints"), { recursive: true });
  writeFileSync(join(folder, "checkpoints", "x"), "");
  await removeFolder(folder);
  await removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});
