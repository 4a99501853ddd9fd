import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type { ComparisonLine } from "../../../extension/protocol/lines";
import { expectDone, expectRefused, linesOf, ofType, pairedData, sharedFolder, train } from "../../support/commandLine";
import { revgan } from "../../support/programs";
import { runFile, stepLine, writeRunFolder } from "../../unit/runFolder/runOnDisk";

const root = sharedFolder();
let folders = 0;

interface MadeUpRun {
  readonly kind?: string;
  readonly depth?: number;
  readonly seed?: number;
  /** Of its steps. */
  readonly seconds?: readonly number[];
  /** On the test pictures, from A to B. */
  readonly mae?: number;
}

/** A folder of made-up runs. */
function runsOf(runs: Readonly<Record<string, MadeUpRun>>): string {
  const parent = join(root, `runs ${++folders}`);
  for (const [name, { kind = "revgan", depth = 9, seed = 0, seconds = [], mae }] of Object.entries(runs)) {
    const folder = writeRunFolder(
      parent,
      name,
      runFile({
        name,
        config: parseConfig(
          {
            mode: kind === "cyclegan" ? "unpaired" : "paired",
            network: { kind, depth },
            data: { path: "/data/maps" },
            training: { seed },
          },
          "",
        ),
      }),
    );
    writeFileSync(
      join(folder, "metrics.jsonl"),
      seconds.map((each, i) => `${JSON.stringify({ ...stepLine(i + 1), seconds: each })}\n`).join(""),
    );
    if (mae === undefined) continue;
    mkdirSync(join(folder, "evaluation"));
    const line = {
      type: "evaluation",
      direction: "AtoB",
      images: 10,
      metrics: { mae, psnr: 30 - mae, ssim: 0.5 },
      perImage: [],
    };
    writeFileSync(join(folder, "evaluation", "test-AtoB.json"), `${JSON.stringify(line)}\n`);
  }
  return parent;
}

async function compared(cwd: string, ...runs: readonly string[]): Promise<ComparisonLine[]> {
  return ofType(expectDone(await revgan(["compare", "--json", ...runs], cwd)), "comparison");
}

describe("revgan compare", () => {
  it("prints a line a run, in the order that was given, each with what its folder says", async () => {
    const cwd = runsOf({
      paired: { seconds: [3, 0.25, 0.5], mae: 4 },
      cyclegan: { kind: "cyclegan", seconds: [1, 2] },
      pix2pix: { kind: "pix2pix" },
    });
    const lines = await compared(cwd, "pix2pix", "paired", "cyclegan");
    expect(
      lines.map(({ kind, parameters, peakBytes, secondsPerStep }) => [kind, parameters, peakBytes, secondsPerStep]),
    ).toEqual([
      ["pix2pix", 11_378_179, null, null],
      ["revgan", 6_826_502, 1003, 0.5],
      ["cyclegan", 22_756_358, 1002, 1.5],
    ]);
    expect(lines.map(({ metrics, judged }) => [metrics, judged])).toEqual([
      [null, null],
      [{ AtoB: { mae: 4, psnr: 26, ssim: 0.5 } }, { by: "evaluation", images: 10 }],
      [null, null],
    ]);
    expect(lines.map(({ run }) => run)).toEqual(["pix2pix", "paired", "cyclegan"].map((name) => join(cwd, name)));
  });

  it("shows people a table, sorted by what differs, with the best marked, and what the figures are of", async () => {
    const cwd = runsOf({
      paired: { seconds: [0.25], mae: 4 },
      other: { kind: "pix2pix", seconds: [0.125], mae: 3.5 },
      new: { depth: 3 },
    });
    const { code, stdout, stderr } = await revgan(["compare", "paired", "other", "new"], cwd);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`                                                           AtoB
RUN     KIND     DEPTH  PARAMETERS    PEAK  S/STEP  STEPS  MAE↓  PSNR↑  SSIM↑
other   pix2pix      9  11,378,179  1.0 kB   0.125*     1  3.50* 26.50* 0.500
new     revgan       3   3,284,486*      -       -      0     -      -      -
paired  revgan       9   6,826,502  1.0 kB   0.250      1  4.00  26.00  0.500

* the best
On the test pictures: other, paired
Not judged yet (\`revgan evaluate --run RUN\` does it): new
`);
  });

  it("takes a folder for the runs in it, and shows the means of those that differ in their seed alone", async () => {
    const cwd = runsOf({
      "depth-9_seed-0": { depth: 9, seconds: [0.5], mae: 4 },
      "depth-9_seed-1": { depth: 9, seed: 1, seconds: [0.5, 0.75, 1], mae: 6 },
      "depth-18_seed-0": { depth: 18, seconds: [1], mae: 3 },
      "depth-18_seed-1": { depth: 18, seed: 1, mae: 3 },
    });
    expect((await compared(cwd, ".")).map(({ run, settings }) => [basename(run), settings?.["network.depth"]])).toEqual(
      [
        ["depth-9_seed-0", 9],
        ["depth-9_seed-1", 9],
        ["depth-18_seed-0", 18],
        ["depth-18_seed-1", 18],
      ],
    );
    // A run that is named beside its folder is one.
    const { stdout } = await revgan(["compare", "depth-18_seed-1", "."], cwd);
    expect(stdout).toBe(`                                                                         AtoB
RUN              KIND    DEPTH  SEED  PARAMETERS    PEAK  S/STEP  STEPS  MAE↓  PSNR↑  SSIM↑
depth-9_seed-0   revgan      9     0   6,826,502* 1.0 kB*  0.500*     1  4.00  26.00  0.500
depth-9_seed-1   revgan      9     1   6,826,502* 1.0 kB   0.750      3  6.00  24.00  0.500
depth-18_seed-0  revgan     18     0  12,139,526  1.0 kB*   1.00      1  3.00* 27.00* 0.500
depth-18_seed-1  revgan     18     1  12,139,526       -       -      0  3.00* 27.00* 0.500

Means over the runs that differ in their seed alone, ± their standard deviation:

                                                                            AtoB
KIND    DEPTH  RUNS  PARAMETERS          PEAK         S/STEP  STEPS         MAE↓         PSNR↑  SSIM↑
revgan      9     2   6,826,502* 1.0 kB ± 1 B  0.625 ± 0.177*   1–3  5.00 ± 1.41  25.00 ± 1.41  0.500
revgan     18     2  12,139,526        1.0 kB*          1.00    0–1         3.00*        27.00* 0.500

* the best
On the test pictures: all runs
`);
  });

  it("tells runs of one name apart, and takes two ways to one folder for one run", async () => {
    const [one, two] = [runsOf({ maps: {} }), runsOf({ maps: {} })];
    symlinkSync(join(one, "maps"), join(two, "link"));
    const { stdout } = await revgan([
      "compare",
      join(one, "maps"),
      join(two, "maps"),
      join(two, "link"),
      `${one}/maps/`,
    ]);
    const rows = stdout.split("\n\n")[0]!.split("\n").slice(1);
    expect(rows.map((row) => row.split(/ {2,}|maps /)[0])).toEqual([`runs ${folders - 1}/`, `runs ${folders}/`]);
  });

  it("reads a real run, while it is written and after it was validated", async () => {
    const run = join(root, "real");
    expectDone(await train(pairedData(join(root, "data")), run, { mode: "paired" }));
    const steps = ofType(linesOf(readFileSync(join(run, "metrics.jsonl"), "utf8")), "step");
    const [before] = await compared(root, "real");
    expect(before).toMatchObject({
      kind: "revgan",
      steps: 2,
      peakBytes: Math.max(...steps.map(({ bytes }) => bytes.peak)),
      metrics: null,
    });
    expect(before!.secondsPerStep).toBeCloseTo((steps[0]!.seconds + steps[1]!.seconds) / 2, 4);
    const metrics = { AtoB: { mae: 1, psnr: 2, ssim: 0.25 } };
    appendFileSync(
      join(run, "metrics.jsonl"),
      `${JSON.stringify({ type: "validation", step: 2, metrics })}\n{"type":"step","st`,
    );
    expect(await compared(root, "real")).toEqual([{ ...before, metrics, judged: { by: "validation", step: 2 } }]);
    expect((await revgan(["compare", "real"], root)).stdout).toContain(
      "At the last validation (`revgan evaluate --run RUN` judges on the test pictures): real",
    );
  });

  it("leaves damaged lines out, says which, and counts a step that comes again once", async () => {
    const cwd = runsOf({ damaged: { seconds: [1, 2, 3] } });
    const file = join(cwd, "damaged", "metrics.jsonl");
    const again = { ...stepLine(3), seconds: 5, bytes: { ...stepLine(3).bytes, peak: 9000 } };
    appendFileSync(file, `nonsense\n{"type":"step","step":4}\n${JSON.stringify(again)}\n`);
    const ended = await revgan(["compare", "--json", "damaged"], cwd);
    expect(ofType(expectDone(ended), "comparison")).toMatchObject([{ steps: 3, peakBytes: 9000, secondsPerStep: 2 }]);
    expect(ended.stderr).toBe(`lines 4 and 5 of ${file} are damaged and left out\n`);
  });

  it("tells of every run that cannot be read, compares the others, and ends with 2", async () => {
    const cwd = runsOf({ whole: { mae: 3 }, "bad evaluation": { mae: 3 }, "bad metrics": {} });
    writeRunFolder(cwd, "bad run", "{");
    writeFileSync(join(cwd, "bad evaluation", "evaluation", "test-AtoB.json"), "[]");
    rmSync(join(cwd, "bad metrics", "metrics.jsonl"));
    mkdirSync(join(cwd, "bad metrics", "metrics.jsonl"));
    const { code, stdout, stderr } = await revgan(
      ["compare", "--json", "bad run", "bad evaluation", "whole", "bad metrics", "missing"],
      cwd,
    );
    expect(code).toBe(2);
    const all = linesOf(stdout);
    expect(all.map(({ type }) => type)).toEqual(["error", "error", "comparison", "error", "error"]);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining(`${join(cwd, "bad run", "run.json")} is damaged: it is not JSON`),
      expect.stringContaining(`${join(cwd, "bad evaluation")}/evaluation/test-AtoB.json is damaged: `),
      expect.stringContaining(`${join(cwd, "bad metrics", "metrics.jsonl")} is a folder`),
      expect.stringContaining(`${join(cwd, "missing")} is no run: it has no run.json`),
    ]);
  });

  it("needs a run", async () => {
    expectRefused(await revgan(["compare", "--json"]), {
      exit: 2,
      code: "usage",
      says: ["compare needs run folders", "revgan compare --help"],
    });
  });
});
