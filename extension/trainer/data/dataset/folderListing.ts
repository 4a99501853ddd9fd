import { readdirSync, statSync, type Dirent } from "node:fs";
import { join, sep } from "node:path";
import { RevganError } from "../../../protocol/errors";
import type { FileProblem } from "../decoder/decoderFiles";
import { endingOf, type FileKind, withArticle } from "./fileKind";

/** The files of one kind in a folder. */
export interface Listing {
  readonly folder: string;
  /** Absolute paths sorted by code unit, which is the same on every system. */
  readonly files: string[];
  /** Entries with a supported or refused ending that cannot be used: no regular file, or of a refused format. */
  readonly problems: FileProblem[];
}

/**
 * Lists a folder's files of a kind. Hidden entries, other endings and subfolders are ignored.
 * @throws RevganError `data` when the folder cannot be read
 */
export function listFolder(folder: string, kind: FileKind): Listing {
  const listing: Listing = { folder, files: [], problems: [] };
  // The folder's path is joined once: calling `join` for each of a million names takes seconds.
  const start = join(folder, sep);
  for (const entry of visibleEntries(folder)) {
    const ending = endingOf(entry.name, kind);
    if (ending === null) continue;
    const file = start + entry.name;
    const problem = entryProblem(file, entry, ending, kind);
    if (problem === null) listing.files.push(file);
    else listing.problems.push({ file, ...problem });
  }
  // `sort` without a function compares code units, and is faster than with one.
  listing.files.sort();
  listing.problems.sort((a, b) => byCodeUnit(a.file, b.file));
  return listing;
}

/** Whether a folder has files of a kind, by their names; false for one that is not there. */
export function holdsFiles(folder: string, kind: FileKind): boolean {
  return (
    isFolder(folder) && visibleEntries(folder).some(({ name }) => kind.endings.includes(endingOf(name, kind) ?? ""))
  );
}

/** The entries of a folder that are not hidden, sorted by code unit. */
export function entriesOf(folder: string): Dirent[] {
  return visibleEntries(folder).sort((a, b) => byCodeUnit(a.name, b.name));
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function visibleEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith("."));
  } catch (cause) {
    throw new RevganError(
      "data",
      `${folder} cannot be read: ${(cause as Error).message}`,
      "check the path and the permissions of the folder",
      { cause },
    );
  }
}

/** Whether there is a folder of this path; links are followed. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // The path is missing, not permitted, or on a disk or server that failed.
    return false;
  }
}

function entryProblem(file: string, entry: Dirent, ending: string, kind: FileKind): Omit<FileProblem, "file"> | null {
  const remedy = "remove or rename it";
  const found = entry.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : entry;
  if (found === undefined) return { reason: "is a link to a file that does not exist", remedy };
  if (found.isDirectory()) return { reason: `is a folder, not ${withArticle(kind.noun)}`, remedy };
  if (!found.isFile()) return { reason: "is not a regular file", remedy };
  return kind.refused[ending] ?? null;
}
