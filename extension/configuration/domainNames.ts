import type { DomainFolders } from "./dataLocation";
import type { Config } from "./defaults";

/** The names in a path, the last one first. */
function partsOf(path: string): string[] {
  return path
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== ".")
    .reverse();
}

/** Names of folders that describe a domain no better than "A" and "B" do, such as `trainA`. */
const genericFolderName = /^(train|val|test|domain|set|folder)?[-_ ]?[ab]$/i;

/** The most characters of a domain's name, as in `data.names`. */
const longestName = 40;

/** Characters that could break a line or turn the direction of the text around them. */
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Whether a name must not be shown in menus: too long, or with characters that could break a line or turn the text's direction. */
function isUnfit(name: string): boolean {
  return name.length > longestName || name.search(controlCharacters) >= 0;
}

/**
 * The names of the two domains for the user: `data.names`, else the names of their folders where these say more than A and B, else A and B.
 * Where the two folders have the same name, as in `cats/images` and `dogs/images`, the nearest parent folders that differ give the names.
 */
export function domainNames({ data: { names, a, b, folders } }: { readonly data: NamedData }): {
  readonly a: string;
  readonly b: string;
} {
  if (names !== null) return names;
  const [nameA, nameB] = a !== null && b !== null ? differingParts(a, b) : [folders?.a, folders?.b];
  const isTelling = (name: string | undefined): name is string => tellsDomain(name) && !isUnfit(name);
  return isTelling(nameA) && isTelling(nameB) ? { a: nameA, b: nameB } : { a: "A", b: "B" };
}

type NamedData = Pick<Config["data"], "names" | "a" | "b" | "folders">;

/** The last parts of two paths or, where these are equal, the parts of the nearest parent folders that differ. */
function differingParts(a: string, b: string): readonly [string | undefined, string | undefined] {
  const [ofA, ofB] = [partsOf(a), partsOf(b)];
  const differing = ofA.findIndex((part, i) => part !== ofB[i]);
  return [ofA[differing], ofB[differing]];
}

function tellsDomain(name: string | undefined): name is string {
  return name !== undefined && name.trim() !== "" && !genericFolderName.test(name);
}

/**
 * The `data.names` to write for two folders whose own names {@link domainNames} cannot use as they are: they are too long, equal but for
 * upper and lower case, or not part of the paths in the configuration. Null where it can use them, or where they say no more than A and B.
 *
 * @param absolute the absolute paths of the folders
 * @param written their paths as written in the configuration
 */
export function namesToWrite(absolute: DomainFolders, written: DomainFolders): Config["data"]["names"] {
  const [nameA, nameB] = differingParts(absolute.a, absolute.b);
  if (!tellsDomain(nameA) || !tellsDomain(nameB)) return null;
  const [a, b] = [shortened(nameA, longestName), shortened(nameB, longestName)];
  if (a.toLowerCase() === b.toLowerCase())
    return { a: `${shortened(a, longestName - 2)} A`, b: `${shortened(b, longestName - 2)} B` };
  const own = domainNames({ data: { names: null, folders: null, ...written } });
  return own.a === a && own.b === b ? null : { a, b };
}

function shortened(name: string, length: number): string {
  const line = name.replace(controlCharacters, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}
