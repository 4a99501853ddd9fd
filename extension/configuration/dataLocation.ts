import type { Config } from "./defaults";

/** A data folder with the parts `train`, `val` and `test`. */
export interface DataFolder {
  readonly path: string;
  /** Names of the two domains' folders inside the parts. */
  readonly folders: { readonly a: string; readonly b: string } | null;
}

/** A folder for each domain. */
export interface DomainFolders {
  readonly a: string;
  readonly b: string;
}

/** Where the files of a training are. */
export type DataLocation = DataFolder | DomainFolders;

/** Null where a configuration names no data. Paths are as they stand in it. */
export function dataLocation({
  path,
  a,
  b,
  folders,
}: Pick<Config["data"], "path" | "a" | "b" | "folders">): DataLocation | null {
  if (path !== null) return { path, folders };
  return a === null || b === null ? null : { a, b };
}

/** The data folder, or those of A and B. */
export function foldersOf(location: DataLocation): readonly string[] {
  return "path" in location ? [location.path] : [location.a, location.b];
}
