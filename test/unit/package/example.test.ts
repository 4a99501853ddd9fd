import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { latestWhole } from "../../../extension/runFolder/checkpoints";
import { stepFolder } from "../../../extension/runFolder/paths";
import { readRun } from "../../../extension/runFolder/runFile";
import { readSamples } from "../../../extension/runFolder/samples";

/** The trained run that every package brings. */
const example = join(import.meta.dirname, "..", "..", "..", "media", "examples", "nuclei-labels");

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

it("the example is finished, and its checkpoint and last samples are whole", async () => {
  const run = await readRun(example);
  expect(run).toMatchObject({ state: "finished", error: null, name: expect.stringMatching(/^Example: /) as unknown });
  const { checkpoint } = await latestWhole(example);
  expect(checkpoint).toEqual({ step: run.step, path: stepFolder(example, "checkpoints", run.step) });
  expect((await readSamples(example)).steps.at(-1)).toBe(run.step);
});

it("the example names no folder of the machine that trained it", () => {
  const texts = filesIn(example).filter((path) => /\.(json|jsonl)$/.test(path));
  for (const path of texts) expect(readFileSync(path, "utf8"), path).not.toMatch(/"[^"]*\/(home|root|tmp|Users)\//);
});
