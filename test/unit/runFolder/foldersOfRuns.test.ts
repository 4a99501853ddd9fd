import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runsAt } from "../../../extension/runFolder/foldersOfRuns";
import { writeRunFolder } from "./runOnDisk";
import { temporaryFolder } from "./support";

it("a folder that is no run stands for the runs in it, numbers in their names in order", async () => {
  const folder = temporaryFolder();
  const names = ["depth-18_seed-0", "depth-3_seed-10", "depth-3_seed-2"];
  for (const name of names) writeRunFolder(folder, name);
  mkdirSync(join(folder, "nothing"));
  writeFileSync(join(folder, "sweep.sh"), "");
  expect(await runsAt(folder)).toEqual(names.toReversed().map((name) => join(folder, name)));
});

it("a run stands for itself, also with runs in it, as does a folder without any, and what is not there", async () => {
  const folder = temporaryFolder();
  const run = writeRunFolder(folder, "run", "{");
  writeRunFolder(run, "inner");
  const empty = join(folder, "empty");
  mkdirSync(empty);
  for (const path of [run, empty, join(folder, "missing")]) expect(await runsAt(path)).toEqual([path]);
});
