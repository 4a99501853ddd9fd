import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalFolder, pathIn, stepFolder } from "../../../extension/runFolder/paths";
import { temporaryFolder } from "./support";

describe("a run's folder", () => {
  it("has one name, whichever way leads to it", async () => {
    const parent = temporaryFolder();
    const folder = join(parent, "run");
    mkdirSync(folder);
    symlinkSync(folder, join(parent, "link"));
    expect(await canonicalFolder(join(parent, "link"))).toBe(await canonicalFolder(folder));
    expect(await canonicalFolder(relative(process.cwd(), folder))).toBe(await canonicalFolder(folder));
    expect(await canonicalFolder(join(parent, "gone"))).toBe(join(parent, "gone"));
  });

  it("has its files and the folders of its steps in published places", () => {
    expect(pathIn("/runs/maps", "metrics")).toBe("/runs/maps/metrics.jsonl");
    expect(stepFolder("/runs/maps", "samples", 100)).toBe("/runs/maps/samples/000100");
    expect(stepFolder("/runs/maps", "checkpoints", 1_000_000)).toBe("/runs/maps/checkpoints/1000000");
  });
});
