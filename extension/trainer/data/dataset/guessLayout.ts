import { join } from "node:path";
import { endingOf, type FileKind, imageFiles, volumeFiles } from "./fileKind";
import type { DataLocation } from "./layout";
import { entriesOf, isFolder } from "./listing";

/** What a data folder seems to hold. */
export interface GuessedLayout {
  readonly kind: FileKind;
  /** The two folders inside `train/`, in the order of their names, where that holds two and nothing else decides. */
  readonly folders: DataLocation["folders"];
}

/** Tells pictures from volumes by the endings of the training files, and finds two domains in folders of `train/`. */
export function guessLayout(root: string): GuessedLayout {
  const hasDomains = namesIn(root).some((name) => name === "trainA" || name === "trainB");
  const inside = hasDomains ? [] : namesIn(join(root, "train")).filter((name) => isFolder(join(root, "train", name)));
  const folders = inside.length === 2 ? { a: inside[0]!, b: inside[1]! } : null;
  const domains = hasDomains
    ? ["trainA", "trainB"]
    : folders === null
      ? ["train"]
      : [join("train", folders.a), join("train", folders.b)];
  const isVolume = domains
    .flatMap((domain) => namesIn(join(root, domain)))
    .some((name) => volumeFiles.endings.includes(endingOf(name, volumeFiles) ?? ""));
  return { kind: isVolume ? volumeFiles : imageFiles, folders };
}

/** In order; nothing of a folder that is not there, of which the data set's own reader says so. */
function namesIn(folder: string): string[] {
  return isFolder(folder) ? entriesOf(folder).map(({ name }) => name) : [];
}
