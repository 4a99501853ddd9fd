import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stepFolder } from "../../../extension/runFolder/paths";
import { readFigures, readSamples, writeFigures } from "../../../extension/runFolder/samples";
import { temporaryFolder } from "./support";

function runWith(...files: string[]): string {
  const run = temporaryFolder();
  for (const file of files) {
    const path = join(run, "samples", file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "");
  }
  return run;
}

describe("a run's samples", () => {
  it("are steps in the order of their numbers, and the pictures of the latest", async () => {
    const run = runWith(
      "000100/a-input-0.png",
      "1000000/a-input-0.png",
      "1000000/b-cycled-12.png",
      "999999/a-input-0.png",
    );
    expect(await readSamples(run)).toEqual({
      steps: [100, 999999, 1000000],
      pictures: ["a-input-0.png", "b-cycled-12.png"],
    });
  });

  it("are nothing else that lies there", async () => {
    const run = runWith(
      "notes.txt",
      "100/a-input-0.png",
      "000100.tmp/a-input-0.png",
      "000050/a-input-0.png",
      "000050/photo.jpg",
      "000050/a-input-0.png.bak",
      "000050/../../escape.png",
      "000200",
      "0000075/a-input-0.png",
    );
    expect(await readSamples(run)).toEqual({ steps: [50], pictures: ["a-input-0.png"] });
  });

  it("are none before there are any", async () => {
    expect(await readSamples(temporaryFolder())).toEqual({ steps: [], pictures: [] });
  });

  it("have the figures that were noted beside them", async () => {
    const run = runWith("000050/a-input-0.png");
    const figures = { "a-0": { mae: 1.5, psnr: 20, ssim: 0.5 } };
    await writeFigures(run, 50, figures);
    expect(await readFigures(run, 50)).toEqual(figures);
    expect(await readSamples(run)).toEqual({ steps: [50], pictures: ["a-input-0.png"] });
  });

  it("have no figures where the file is missing or no good", async () => {
    const run = runWith("000050/a-input-0.png");
    expect(await readFigures(run, 50)).toEqual({});
    for (const text of ["", "{", "[]", "null", '{"a":"b"}']) {
      writeFileSync(`${stepFolder(run, "samples", 50)}.json`, text);
      expect(await readFigures(run, 50)).toEqual({});
    }
  });
});
