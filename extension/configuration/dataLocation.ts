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

/** The place of a training's data: one folder for both domains, or a folder for each. */
export type DataLocation = DataFolder | DomainFolders;

/** The place of the data that a configuration names, with the paths as they are written there; null where it names none. */
export function dataLocation({
  path,
  a,
  b,
  folders,
}: Pick<Config["data"], "path" | "a" | "b" | "folders">): DataLocation | null {
  if (path !== null) return { path, folders };
  return a === null || b === null ? null : { a, b };
}

/** The folders of a location: the data folder, or the folders of domains A and B. */
export function foldersOf(location: DataLocation): readonly string[] {
  return "path" in location ? [location.path] : [location.a, location.b];
}
