import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { byName } from "../comparison/groupedRuns";
import { pathIn } from "./paths";

/**
 * What a path names: a run, or the runs in a folder that is none, as those of a sweep. A folder without any stands for itself: to read it
 * tells what is wrong.
 */
export async function runsAt(path: string): Promise<string[]> {
  if (await isRun(path)) return [path];
  const folders = await subfolders(path);
  const areRuns = await Promise.all(folders.map(isRun));
  const runs = folders.filter((_, i) => areRuns[i]);
  return runs.length === 0 ? [path] : runs;
}

/** The folders in a folder by their names, numbers in these by size: `depth-3` before `depth-18`. None where it cannot be read. */
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
