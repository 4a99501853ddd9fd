import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFigures, readSamples, sampleFolder } from "../../../extension/runs/samples";
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
    expect(await readSamples(run, "base/")).toEqual({
      base: "base/",
      steps: [100, 999999, 1000000],
      pictures: ["a-input-0.png", "b-cycled-12.png"],
    });
    expect(sampleFolder(run, 100)).toBe(join(run, "samples", "000100"));
    expect(sampleFolder(run, 1000000)).toBe(join(run, "samples", "1000000"));
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
    expect(await readSamples(run, "")).toEqual({ base: "", steps: [50], pictures: ["a-input-0.png"] });
  });

  it("are none before there are any", async () => {
    expect(await readSamples(temporaryFolder(), "")).toEqual({ base: "", steps: [], pictures: [] });
  });

  it("have no figures where the file is missing or no good", async () => {
    const run = runWith("000050/a-input-0.png");
    expect(await readFigures(run, 50)).toEqual({});
    for (const text of ["", "{", "[]", "null", '{"a":"b"}']) {
      writeFileSync(join(sampleFolder(run, 50), "figures.json"), text);
      expect(await readFigures(run, 50)).toEqual({});
    }
  });
});
