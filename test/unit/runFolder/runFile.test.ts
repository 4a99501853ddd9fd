import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRun, writeRun } from "../../../extension/runFolder/runFile";
import { runFile } from "./runOnDisk";
import { namesIn, temporaryFolder } from "./support";

describe("run.json", () => {
  const content = runFile({ intensity: { a: { low: 0, high: 1 }, b: { low: -1, high: 2 } } });

  it("is read as it was written", async () => {
    const run = temporaryFolder();
    await writeRun(run, content);
    await writeRun(run, { ...content, step: 5, state: "finished" });
    expect(await readRun(run)).toEqual({ ...content, step: 5, state: "finished" });
    expect(namesIn(run)).toEqual(["run.json"]);
  });

  it("makes a run: a folder without it is named as none", async () => {
    const folder = temporaryFolder();
    await expect(readRun(folder)).rejects.toMatchObject({
      code: "run",
      message: `${folder} is no run: it has no run.json`,
    });
    await expect(readRun(join(folder, "none"))).rejects.toMatchObject({ code: "run" });
    writeFileSync(join(folder, "file"), "");
    await expect(readRun(join(folder, "file"))).rejects.toMatchObject({ code: "run" });
  });

  it("that is damaged is named", async () => {
    const run = temporaryFolder();
    writeFileSync(join(run, "run.json"), '{"format":1,');
    await expect(readRun(run)).rejects.toMatchObject({
      code: "run",
      message: `${join(run, "run.json")} is damaged: it is not JSON`,
    });
    writeFileSync(join(run, "run.json"), " ".repeat(2_000_000));
    await expect(readRun(run)).rejects.toThrow("has 2000000 bytes, more than the 1048576 that are read");
  });

  it.each([
    [null, "run", "run.json is damaged at its top level"],
    [{ ...runFile(), state: "dead" }, "run", "run.json is damaged at state"],
    [{ ...runFile(), step: -1 }, "run", "run.json is damaged at step"],
    [{ ...runFile(), name: "x".repeat(2000) }, "run", "run.json is damaged at name"],
    [{ ...runFile(), format: 2 }, "run", "run.json was written by a newer RevGAN (format 2)"],
    [
      { ...runFile(), config: { depth: 1 } },
      "config",
      "run.json: depth is not a key of the configuration; did you mean network.depth?",
    ],
  ])("refuses what is none", async (value, code, message) => {
    const run = temporaryFolder();
    writeFileSync(join(run, "run.json"), JSON.stringify(value));
    const refused = { code, message: expect.stringContaining(join(run, message)) as string };
    await expect(readRun(run)).rejects.toMatchObject(refused);
  });
});
