import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { imageEndings, volumeEndingOf } from "../imageFormats";
import { pathIn } from "../runFolder/paths";

/** How many levels of folders below a workspace folder are searched. */
const searchDepth = 4;

/** The most folders that are searched, and the most entries that are read in each: enough to find data, and quick in any workspace. */
const searchLimits = { folders: 2000, entries: 20_000 };

/** Names of folders that are not searched. */
const ignored = /^(\.|node_modules$|dist$|build$|out$|venv$|__pycache__$)/;

/** The name of the file that makes a folder a run. */
const runFile = pathIn("", "run");

/** The fewest pictures or volumes that make a folder look like data: fewer are probably illustrations or icons. */
const fewestFiles = 3;

/** The folders found in a workspace by the names of folders and files alone, those nearest to the workspace folder first. */
export interface FoundFolders {
  /** Folders that look like data sets: with `trainA` and `trainB`, or with `train`. */
  readonly dataSets: readonly string[];
  /** Other folders that directly contain pictures or volumes: any two of them may be domains A and B. */
  readonly plain: readonly string[];
}

/** Searches `root` and the folders below it for data. @param limit the most folders of each kind that are returned */
export async function findDataFolders(root: string, limit = 50): Promise<FoundFolders> {
  const dataSets: string[] = [];
  const plain: string[] = [];
  let level = [root];
  let looked = 0;
  for (let i = 0; i <= searchDepth && level.length > 0; i++) {
    const next: string[] = [];
    for (const folder of level.slice(0, searchLimits.folders - looked)) {
      looked++;
      const { folders, files, isRun } = await contentsOf(folder);
      if (isRun) continue;
      if (folders.includes("train") || (folders.includes("trainA") && folders.includes("trainB"))) {
        // A data set's own folders hold pictures and are not searched.
        dataSets.push(folder);
        continue;
      }
      if (files >= fewestFiles) plain.push(folder);
      next.push(...folders.filter((name) => !ignored.test(name)).map((name) => join(folder, name)));
    }
    level = next;
  }
  return { dataSets: dataSets.slice(0, limit), plain: plain.slice(0, limit) };
}

interface Contents {
  /** Names of the subfolders, sorted. */
  readonly folders: string[];
  /** How many entries are pictures or volumes. */
  readonly files: number;
  /** Whether this is a run's folder, whose sample pictures are no data set. */
  readonly isRun: boolean;
}

async function contentsOf(folder: string): Promise<Contents> {
  const folders: string[] = [];
  let files = 0;
  let isRun = false;
  let entries = 0;
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      if (entry.isDirectory()) folders.push(entry.name);
      else if (isData(entry)) files++;
      else isRun ||= entry.name === runFile;
      if (++entries >= searchLimits.entries) break;
    }
  } catch {
    // A folder that may not be read, or was deleted meanwhile, counts as empty.
  }
  return { folders: folders.sort(), files, isRun };
}

function isData({ name }: Dirent): boolean {
  if (name.startsWith(".")) return false;
  const lower = name.toLowerCase();
  return imageEndings.some((ending) => lower.endsWith(ending)) || volumeEndingOf(name) !== null;
}
