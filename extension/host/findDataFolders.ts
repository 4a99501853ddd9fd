import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { imageEndings, volumeEndingOf } from "../imageFormats";
import { pathIn } from "../runFolder/paths";

/** Levels below a workspace folder that are searched. */
const searchDepth = 4;

/** The most folders that are searched, and the most entries that are read in each: enough to find data, and quick in any workspace. */
const searchLimits = { folders: 2000, entries: 20_000 };

/** Folders that are not searched. */
const ignored = /^(\.|node_modules$|dist$|build$|out$|venv$|__pycache__$)/;

/** The name of the file that makes a folder a run. */
const runFile = pathIn("", "run");

/** Fewer pictures than these in a folder are illustrations or icons. */
const fewestFiles = 3;

/** What a search of a workspace folder has found by names alone, the nearest first. */
export interface FoundFolders {
  /** Folders that look like data sets: with `trainA` and `trainB`, or with `train`. */
  readonly dataSets: readonly string[];
  /** Other folders with pictures or volumes directly in them: any two may be A and B. */
  readonly plain: readonly string[];
}

/** Searches `root` and the folders below it for data. @param limit most folders of each kind */
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
  /** Sorted names. */
  readonly folders: string[];
  /** How many entries are pictures or volumes. */
  readonly files: number;
  /** Whether this is a run's folder: its samples are no data. */
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
    // Not permitted, or gone meanwhile: nothing to offer.
  }
  return { folders: folders.sort(), files, isRun };
}

function isData({ name }: Dirent): boolean {
  if (name.startsWith(".")) return false;
  const lower = name.toLowerCase();
  return imageEndings.some((ending) => lower.endsWith(ending)) || volumeEndingOf(name) !== null;
}
