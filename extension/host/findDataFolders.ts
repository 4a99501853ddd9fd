import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Levels below a workspace folder that are searched. */
const depth = 4;

/** Folders that are not searched. */
const ignored = /^(\.|node_modules$|dist$|build$|out$|venv$|__pycache__$)/;

/** Folders below `root` that look like data sets: with `trainA` and `trainB`, or with `train`. Nearest first. */
export async function findDataFolders(root: string, limit = 50): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  for (let i = 0; i <= depth && level.length > 0 && found.length < limit; i++) {
    const next: string[] = [];
    for (const folder of level) {
      const inside = await subfolders(folder);
      // A data set's own folders hold pictures and are not searched.
      if (inside.includes("train") || (inside.includes("trainA") && inside.includes("trainB"))) found.push(folder);
      else next.push(...inside.filter((name) => !ignored.test(name)).map((name) => join(folder, name)));
    }
    level = next;
  }
  return found.slice(0, limit);
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
