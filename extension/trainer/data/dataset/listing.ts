import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { RevganError } from "../../../protocol/errors";
import { endingOf, type FileKind } from "./fileKind";

/** A file that cannot be used, and why. */
export interface FileProblem {
  readonly file: string;
  /** Goes on after the file's path: "is a folder, not an image". */
  readonly reason: string;
  readonly remedy: string;
}

/** What a folder holds of a kind of files. */
export interface Listing {
  readonly folder: string;
  /** Absolute paths in the order of their names' code units, the same on every system. */
  readonly files: string[];
  /** Entries that look as if they were meant, and are not of the kind. */
  readonly problems: FileProblem[];
}

/**
 * Lists a folder's files of a kind. Hidden entries, other endings and subfolders are passed over.
 * @throws RevganError `data` when the folder cannot be read
 */
export function listFolder(folder: string, kind: FileKind): Listing {
  const listing: Listing = { folder, files: [], problems: [] };
  for (const entry of entriesOf(folder)) {
    const ending = endingOf(entry.name, kind);
    if (ending === null) continue;
    const file = join(folder, entry.name);
    const problem = problemOf(file, entry, ending, kind);
    if (problem === null) listing.files.push(file);
    else listing.problems.push({ file, ...problem });
  }
  return listing;
}

/** The names in a folder that are not hidden, by code unit. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (cause) {
    throw new RevganError(
      "data",
      `${folder} cannot be read: ${(cause as Error).message}`,
      "check the path and the permissions of the folder",
      { cause },
    );
  }
}

/** Whether there is a folder of this path that can be asked about; links are followed. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Not there, not permitted, or on a disk or server that does not answer any more.
    return false;
  }
}

function problemOf(file: string, entry: Dirent, ending: string, kind: FileKind): Omit<FileProblem, "file"> | null {
  const remedy = "remove or rename it";
  const found = entry.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : entry;
  if (found === undefined) return { reason: "is a link to a file that does not exist", remedy };
  if (found.isDirectory()) return { reason: `is a folder, not ${article(kind.noun)}`, remedy };
  if (!found.isFile()) return { reason: "is not a regular file", remedy };
  return kind.refused[ending] ?? null;
}

/** "an image", "a volume". */
export function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
