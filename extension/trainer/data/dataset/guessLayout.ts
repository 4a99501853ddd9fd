import { join } from "node:path";
import { type FileKind, imageFiles, volumeFiles } from "./fileKind";
import type { DataFolder } from "../../../configuration/dataLocation";
import { entriesOf, holdsFiles, isFolder } from "./folderListing";

/** The kind and layout of a data folder, guessed from names alone. */
export interface GuessedLayout {
  readonly kind: FileKind;
  /** The two folders inside `train/`, in the order of their names, where `train/` has exactly two and there is no `trainA`. */
  readonly folders: DataFolder["folders"];
}

/** Guesses volumes if any training file has a volume's ending, else images. */
export function guessLayout(root: string): GuessedLayout {
  const hasDomains = namesIn(root).some((name) => name === "trainA" || name === "trainB");
  const inside = hasDomains ? [] : namesIn(join(root, "train")).filter((name) => isFolder(join(root, "train", name)));
  const folders = inside.length === 2 ? { a: inside[0]!, b: inside[1]! } : null;
  const domains = hasDomains
    ? ["trainA", "trainB"]
    : folders === null
      ? ["train"]
      : [join("train", folders.a), join("train", folders.b)];
  return { kind: guessKind(domains.map((domain) => join(root, domain))), folders };
}

/** Guesses volumes if any file in the folders has a volume's ending, else images. */
export function guessKind(folders: readonly string[]): FileKind {
  return folders.some((folder) => holdsFiles(folder, volumeFiles)) ? volumeFiles : imageFiles;
}

/** Whether a folder has the parts of a data set: `trainA`, `trainB` or `train`. */
export function hasParts(folder: string): boolean {
  return ["trainA", "trainB", "train"].some((part) => isFolder(join(folder, part)));
}

/** The names in a folder, sorted; empty for a missing folder, which `scanDataset` reports. */
function namesIn(folder: string): string[] {
  return isFolder(folder) ? entriesOf(folder).map(({ name }) => name) : [];
}
