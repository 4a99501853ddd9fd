import { expect, it } from "vitest";
import { groupedRuns } from "../../../extension/comparison/groupedRuns";

it("runs of one folder stand together, by their names, where the first of them stood, and folders are told apart", () => {
  const run = (name: string, group: string | null = null) => ({ name, group });
  const [a, b] = ["/work/monday/depths", "/work/tuesday/depths"];
  const runs = [run("new"), run("depth-18", a), run("old"), run("depth-3", a), run("depth-3", b)];
  expect(groupedRuns(runs)).toEqual([
    runs[0],
    { folder: a, name: "monday/depths", runs: [runs[3], runs[1]] },
    runs[2],
    { folder: b, name: "tuesday/depths", runs: [runs[4]] },
  ]);
  expect(groupedRuns([])).toEqual([]);
});
