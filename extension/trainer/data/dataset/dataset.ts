import { dirname, join, relative, resolve } from "node:path";
import { realpathSync } from "node:fs";
import type { DataFolder, DataLocation } from "../../../configuration/dataLocation";
import { RevganError } from "../../../protocol/errors";
import { imageFiles, type FileKind, stemOf } from "./fileKind";
import { entriesOf, holdsFiles, isFolder, listFolder, type Listing } from "./folderListing";
import type { FileProblem } from "../decoder/decoderFiles";
import { matchPairs } from "./pairs";

export type Mode = "unpaired" | "paired";
export type SplitName = "train" | "val" | "test";
export const splitNames: readonly SplitName[] = ["train", "val", "test"];

/** The files of one part of a data set; `aligned` files hold A in their left half and B in their right one. */
export type Split =
  | { readonly kind: "two"; readonly a: readonly string[]; readonly b: readonly string[] }
  | { readonly kind: "aligned"; readonly files: readonly string[] };

/** A data set on disk, by absolute paths. No file was opened yet. */
export interface Dataset {
  /** The data folder; of two folders the nearest one that holds both. */
  readonly root: string;
  readonly mode: Mode;
  /** In paired mode `a[i]` and `b[i]` are a pair. */
  readonly splits: { readonly train: Split; readonly val: Split | null; readonly test: Split | null };
  /**
   * Entries that were left out: folders with an image's ending, files with refused endings, files without a partner. See `requireReadable`.
   */
  readonly problems: readonly FileProblem[];
}

/**
 * Finds a data set's layout: the two folders of `data.a` and `data.b`; or the folders named in `data.folders` inside
 * `train/ [val/] [test/]`; else `trainA/ trainB/` and the like; else `train/` and the like with A and B side by side in one file; else, in
 * paired mode, such files in the data folder itself. Unpaired mode accepts a data set of pairs.
 *
 * @throws RevganError `data` naming the missing folder, what was found instead, and what to do
 */
export function scanDataset(location: DataLocation, mode: Mode, kind: FileKind = imageFiles): Dataset {
  const problems: FileProblem[] = [];
  const { root, scan } = splitScanner(location, mode, kind, problems);
  const train = scan("train");
  if (train === null) throw noTrainingData(root, location, kind);
  return { root, mode, splits: { train, val: scan("val"), test: scan("test") }, problems };
}

/** One split of a data set; the files of the other splits were not listed. */
export interface ScannedSplit {
  readonly root: string;
  readonly split: Split;
  /** Entries of the split's folders that were left out. */
  readonly problems: readonly FileProblem[];
}

/**
 * Finds one split of a data set.
 * @returns null where the data set does not have it
 * @throws RevganError `data` as {@link scanDataset}
 */
export function scanSplit(
  location: DataLocation,
  mode: Mode,
  name: SplitName,
  kind: FileKind = imageFiles,
): ScannedSplit | null {
  const problems: FileProblem[] = [];
  const { root, scan } = splitScanner(location, mode, kind, problems);
  const split = scan(name);
  return split === null ? null : { root, split, problems };
}

function requireFolder(path: string, remedy: string): string {
  const folder = resolve(path);
  if (!isFolder(folder)) throw new RevganError("data", `there is no folder ${folder}`, remedy);
  return folder;
}

type SplitScanner = (split: SplitName) => Split | null;

function splitScanner(
  location: DataLocation,
  mode: Mode,
  kind: FileKind,
  problems: FileProblem[],
): { readonly root: string; readonly scan: SplitScanner } {
  if ("path" in location) {
    const root = requireFolder(location.path, "set data.path (or --data) to the folder that holds the data set");
    return { root, scan: partScanner(root, location.folders, mode, kind, problems) };
  }
  const [a, b] = (["a", "b"] as const).map((domain) =>
    requireFolder(location[domain], `set data.${domain} to the folder of ${domain.toUpperCase()}'s ${kind.noun}s`),
  ) as [string, string];
  if (realpathSync(a) === realpathSync(b))
    throw new RevganError("data", `data.a and data.b are one folder, ${a}`, "name a folder for each domain");
  return {
    root: commonFolder(a, b),
    scan: (split) => (split === "train" ? twoFolders(a, b, mode, kind, problems) : null),
  };
}

function commonFolder(a: string, b: string): string {
  let common = dirname(a);
  while (relative(common, b).startsWith("..") && dirname(common) !== common) common = dirname(common);
  return common;
}

/** Returns a function that finds the files of a split. The layout of the first split that exists is used for the whole data set. */
function partScanner(
  root: string,
  folders: DataFolder["folders"],
  mode: Mode,
  kind: FileKind,
  problems: FileProblem[],
): SplitScanner {
  const two = (a: string, b: string): Split | null => twoFolders(join(root, a), join(root, b), mode, kind, problems);
  if (folders !== null) return (split) => two(join(split, folders.a), join(split, folders.b));
  const hasTwo = (split: SplitName): boolean => isFolder(join(root, `${split}A`)) || isFolder(join(root, `${split}B`));
  const first = splitNames.find((split) => hasTwo(split) || isFolder(join(root, split)));
  if (first !== undefined && hasTwo(first)) return (split) => two(`${split}A`, `${split}B`);
  if (first === undefined && mode === "paired" && kind.sideBySide && holdsFiles(root, kind))
    return (split) => (split === "train" ? alignedFolder(root, kind, problems) : null);
  return (split) => alignedFolder(join(root, split), kind, problems);
}

function twoFolders(
  folderA: string,
  folderB: string,
  mode: Mode,
  kind: FileKind,
  problems: FileProblem[],
): Split | null {
  if (!isFolder(folderA) && !isFolder(folderB)) return null;
  for (const [missing, other] of [
    [folderA, folderB],
    [folderB, folderA],
  ] as const) {
    if (!isFolder(missing)) {
      throw new RevganError(
        "data",
        `there is no folder ${missing} beside ${other}`,
        `put the other domain's ${kind.noun}s into ${missing}, or remove ${other}`,
      );
    }
  }
  const a = requireFiles(listFolder(folderA, kind), kind);
  const b = requireFiles(listFolder(folderB, kind), kind);
  problems.push(...a.problems, ...b.problems);
  if (mode === "unpaired") return { kind: "two", a: a.files, b: b.files };
  const pairs = matchPairs(a, b, kind);
  problems.push(...pairs.problems);
  if (pairs.a.length === 0) {
    throw new RevganError(
      "data",
      `no file of ${folderA} has a partner of the same name in ${folderB}`,
      'give the two files of a pair the same name, or set mode to "unpaired"',
    );
  }
  return { kind: "two", a: pairs.a, b: pairs.b };
}

function alignedFolder(folder: string, kind: FileKind, problems: FileProblem[]): Split | null {
  if (!isFolder(folder)) return null;
  const listing = requireFiles(listFolder(folder, kind), kind);
  if (!kind.sideBySide)
    throw new RevganError(
      "data",
      `${folder} holds ${kind.noun}s of one domain`,
      "put the two domains into trainA and trainB, or into two folders inside train that data.folders names",
    );
  problems.push(...listing.problems);
  return { kind: "aligned", files: listing.files };
}

/** @throws RevganError `data` when a folder holds no file of the kind */
function requireFiles(listing: Listing, kind: FileKind): Listing {
  if (listing.files.length > 0) return listing;
  const { folder, problems } = listing;
  const found = problems[0] === undefined ? foundIn(folder) : `${problems[0].file} ${problems[0].reason}`;
  const inside = entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const named = inside.length === 2 ? `; if ${inside.join(" and ")} are the two domains, set data.folders to them` : "";
  const remedy =
    problems[0] === undefined
      ? `put ${kind.endings.join(", ")} files into it, or remove the folder${named}`
      : problems[0].remedy;
  throw new RevganError("data", `${folder} holds no ${kind.noun}s: ${found}`, remedy);
}

function noTrainingData(root: string, location: DataLocation, kind: FileKind): RevganError {
  const folders = "path" in location ? location.folders : null;
  if (folders !== null) {
    const wanted = `${join("train", folders.a)} and ${join("train", folders.b)}`;
    return new RevganError(
      "data",
      `${root} has no folders ${wanted}: ${foundIn(root)}`,
      `put the ${kind.noun}s into ${wanted}, or change data.folders`,
    );
  }
  return new RevganError(
    "data",
    `${root} has neither trainA and trainB nor train: ${foundIn(root)}`,
    "put the two domains into trainA and trainB, or pairs (A left, B right in one file) into train, or name the folders in data.folders",
  );
}

/** The names of a folder's first entries, so that users see that it is the wrong folder: "found a, b and 3 more". */
function foundIn(folder: string): string {
  const names = entriesOf(folder).map((entry) => entry.name);
  if (names.length === 0) return "it is empty";
  const shown = names.slice(0, 6).join(", ");
  return names.length > 6 ? `found ${shown} and ${names.length - 6} more` : `found ${shown}`;
}

/** The part of a file that is the image: in pairs side by side A is left and B right. */
export type Half = "whole" | "left" | "right";

/** One image of one domain on disk. */
export interface Source {
  readonly file: string;
  readonly half: Half;
}

/** The images of both domains; in paired mode `a[i]` and `b[i]` are a pair. */
export interface Sources {
  readonly a: readonly Source[];
  readonly b: readonly Source[];
}

/** Caches `sourcesOf`, which is called often: a split may have a million files, and building its lists takes long. */
const sourcesBySplit = new WeakMap<Split, Sources>();

/** The images of a split, in the order of their names; empty lists for null. */
export function sourcesOf(split: Split | null): Sources {
  if (split === null) return { a: [], b: [] };
  const sources = sourcesBySplit.get(split) ?? sourcesOfSplit(split);
  sourcesBySplit.set(split, sources);
  return sources;
}

function sourcesOfSplit(split: Split): Sources {
  if (split.kind === "aligned")
    return {
      a: split.files.map((file) => ({ file, half: "left" })),
      b: split.files.map((file) => ({ file, half: "right" })),
    };
  return { a: split.a.map((file) => ({ file, half: "whole" })), b: split.b.map((file) => ({ file, half: "whole" })) };
}

/** An image's name in reports: its file's name without folder and ending. */
export function nameOf(source: Source): string {
  return stemOf(source.file);
}
