import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { cliProgram, revgan } from "../../support/programs";

it.each([
  "--help",
  "help",
  "train --help",
  "resume --help",
  "translate --help",
  "evaluate --help",
  "export --help",
  "engine --help",
  "memory --help",
  "compare --help",
  "sweep --help",
  "view --help",
  "train -h",
  "--json --help",
])("revgan %s tells how", async (words) => {
  const ended = await revgan(words.split(" "));
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(/^revgan /);
});

it("--version is everywhere", async () => {
  for (const words of [["--version"], ["train", "--version"]])
    expect((await revgan(words)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it("--help loads no engine and no image library", () => {
  const started = performance.now();
  const { stderr, status } = spawnSync(process.execPath, [cliProgram, "--help"], {
    env: { ...process.env, NODE_DEBUG: "module" },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  console.info(`--help answered in ${Math.round(performance.now() - started)} ms, with every module logged`);
  expect(status).toBe(0);
  expect(stderr).toMatch(/cli\.js/);
  expect(stderr).not.toMatch(/load.*(tensorflow|sharp)/i);
});
