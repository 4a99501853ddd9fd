import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { editDistance } from "../configuration/keys";

/** A data folder that a configuration names and that is not there. */
export interface MissingFolder {
  /** The key in the configuration, such as `data.path`. */
  readonly key: string;
  /** The absolute path of the missing folder. */
  readonly path: string;
  /**
   * The existing folder with the most similar path, absolute or relative as the configuration's path was; null where none is similar
   * enough.
   */
  readonly nearest: string | null;
}

/** The keys of a configuration that name folders of data. */
const folderKeys = ["path", "a", "b"] as const;

/**
 * The data folders of a configuration that do not exist.
 * @param data the section `data`
 * @param folder the folder of the configuration's file, to which the paths are relative
 */
export async function missingFolders(
  data: Readonly<Record<(typeof folderKeys)[number], string | null>>,
  folder: string,
): Promise<MissingFolder[]> {
  const missing = await Promise.all(
    folderKeys.map(async (key) => {
      const given = data[key];
      const path = given === null ? null : resolve(folder, given);
      if (given === null || path === null || (await isFolder(path))) return null;
      const nearest = await nearestFolder(path);
      const written = nearest === null || resolve(given) === given ? nearest : relative(folder, nearest);
      return { key: `data.${key}`, path, nearest: written };
    }),
  );
  return missing.filter((each) => each !== null);
}

/**
 * The existing folder whose path differs from this one in a single part, by an edit distance of at most a third of that part's length (or
 * of 1); null where there is none.
 */
async function nearestFolder(path: string): Promise<string | null> {
  const rest: string[] = [];
  let [parent, name] = [dirname(path), basename(path)];
  while (!(await isFolder(parent)) && parent !== dirname(parent)) {
    rest.unshift(name);
    [parent, name] = [dirname(parent), basename(parent)];
  }
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith(".")).map((entry) => entry.name);
  const near = names
    .map((each) => ({ each, distance: editDistance(name, each) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((x, y) => x.distance - y.distance);
  for (const { each } of near) {
    const candidate = join(parent, each, ...rest);
    if (await isFolder(candidate)) return candidate;
  }
  return null;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
