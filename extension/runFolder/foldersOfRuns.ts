import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { byName } from "../comparison/groupedRuns";
import { pathIn } from "./paths";

/**
 * The runs that a path names: the run at that path, or the runs in a folder of runs, such as that of a sweep. For any other folder, the
 * path itself: the error that comes from reading it as a run tells the user what is wrong.
 */
export async function runsAt(path: string): Promise<string[]> {
  if (await isRun(path)) return [path];
  const folders = await subfolders(path);
  const areRuns = await Promise.all(folders.map(isRun));
  const runs = folders.filter((_, i) => areRuns[i]);
  return runs.length === 0 ? [path] : runs;
}

/**
 * The paths of the subfolders, sorted by name with numbers compared by value: `depth-3` before `depth-18`. Empty where the folder cannot be
 * read.
 */
export async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort(byName)
    .map((name) => join(folder, name));
}

async function isRun(folder: string): Promise<boolean> {
  return (await stat(pathIn(folder, "run")).catch(() => null))?.isFile() === true;
}
