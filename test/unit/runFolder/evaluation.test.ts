import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TranslationDirection, type EvaluationLine, formatLine } from "../../../extension/protocol/lines";
import { evaluationPath, readEvaluations } from "../../../extension/runFolder/evaluation";
import { temporaryFolder } from "./support";

const evaluation = (direction: TranslationDirection): EvaluationLine => ({
  type: "evaluation",
  direction,
  images: 7,
  metrics: { mae: 1, psnr: null, ssim: 0.5 },
  perImage: [],
});

function runWith(files: Readonly<Record<string, string>>): string {
  const run = temporaryFolder();
  mkdirSync(join(run, "evaluation"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(run, "evaluation", name), text);
  return run;
}

describe("a run's evaluations", () => {
  it("are those on the test split, in each direction that there is", async () => {
    const [there, back] = [evaluation("AtoB"), evaluation("BtoA")];
    expect(await readEvaluations(runWith({ "test-AtoB.json": formatLine(there), "val-BtoA.json": "{" }))).toEqual([
      there,
    ]);
    const both = { "test-BtoA.json": formatLine(back), "test-AtoB.json": formatLine(there) };
    expect(await readEvaluations(runWith(both))).toEqual([there, back]);
    expect(evaluationPath("/runs/maps/evaluation", "test", "AtoB")).toBe("/runs/maps/evaluation/test-AtoB");
  });

  it("are none before there are any", async () => {
    expect(await readEvaluations(temporaryFolder())).toEqual([]);
  });

  it.each([
    ["{", "is damaged: a JSON line is not JSON"],
    ['{"type":"evaluation"}', "is damaged: a JSON line is wrong at direction"],
    [formatLine(evaluation("BtoA")), "is damaged: it holds no evaluation from A to B"],
  ])("are refused when damaged: %j", async (text, why) => {
    const run = runWith({ "test-AtoB.json": text });
    const refused = readEvaluations(run);
    await expect(refused).rejects.toMatchObject({ code: "run", remedy: "evaluate the run again, or delete the file" });
    await expect(refused).rejects.toThrow(`${join(run, "evaluation", "test-AtoB.json")} ${why}`);
  });

  it("are refused where a folder lies in their place", async () => {
    const run = runWith({});
    mkdirSync(join(run, "evaluation", "test-BtoA.json"));
    await expect(readEvaluations(run)).rejects.toMatchObject({
      code: "run",
      message: `${join(run, "evaluation", "test-BtoA.json")} is a folder`,
    });
  });
});
