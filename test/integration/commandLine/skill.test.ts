import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { linesOf } from "../../support/commandLine";
import { noise, writeTree } from "../../support/images";
import { cliProgram, ended } from "../../support/programs";

const page = join(import.meta.dirname, "..", "..", "..", "docs", "skills", "revgan", "SKILL.md");
const text = readFileSync(page, "utf8");
const folder = mkdtempSync(join(tmpdir(), "revgan-skill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the skill's page has the head that agents read: its folder's name, and when to use it", () => {
  const [, head] = /^---\n([\s\S]*?)\n---\n/.exec(text)!;
  const entries = new Map(head!.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]));
  expect([...entries.keys()]).toEqual(["name", "description"]);
  expect(entries.get("name")).toBe("revgan");
  expect(entries.get("description")!.length).toBeLessThan(1024);
  expect(text.split("\n").length).toBeLessThan(500);
});

it("every command of the skill's page works as it stands, in their order, and prints the lines that it tells of", async () => {
  const pictures = Object.fromEntries(
    ["train", "val", "test"].flatMap((split, i) =>
      [0, 1].map((j) => [`pictures/${split}/${j}.png`, noise(10 * i + j, 36, 80)]),
    ),
  );
  writeTree(folder, { ...pictures, "photo.png": noise(99, 36, 40) });
  const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split("\n"));
  const types: string[] = [];
  for (const command of commands) {
    const [program, ...words] = command.split(" ");
    expect(program).toBe("revgan");
    const { code, stdout, stderr } = await ended(process.execPath, [cliProgram, ...words], { cwd: folder });
    expect(code, `${command}\n${stderr}`).toBe(0);
    types.push(...linesOf(stdout).map(({ type }) => type));
  }
  expect(commands).toHaveLength(6);
  // So few steps are not validated.
  const told = [...text.matchAll(/`(\w+)` (?:lines?\b|and `sample` lines|lines \()/g)]
    .map(([, type]) => type!)
    .filter((type) => type !== "validation");
  expect(told).toEqual(expect.arrayContaining(["plan", "step", "evaluation", "translated"]));
  expect(types).toEqual(expect.arrayContaining([...told, "sample", "finished", "comparison"]));
});
