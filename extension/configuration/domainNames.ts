import type { Config } from "./defaults";

/** The parts of a path, the last first. */
function partsOf(path: string): string[] {
  return path
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== ".")
    .reverse();
}

/** A name of a folder that says no more than A and B do, such as `trainA`. */
const saysNothing = /^(train|val|test|domain|set|folder)?[-_ ]?[ab]$/i;

/** Longer names, and those with characters that could break a line, are for no menu. */
const unfit = /^.{41,}$|[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/**
 * What people call the two domains: `data.names`, else the names of their folders where these say more than A and B, else A and B.
 * Of two folders of one name, such as `cats/images` and `dogs/images`, the nearest folders above them that differ.
 */
export function domainNames({ data: { names, a, b, folders } }: { readonly data: NamedData }): {
  readonly a: string;
  readonly b: string;
} {
  if (names !== null) return names;
  const [ofA, ofB] = a !== null && b !== null ? [partsOf(a), partsOf(b)] : [[folders?.a], [folders?.b]];
  const differing = ofA.findIndex((part, i) => part !== ofB[i]);
  const [nameA, nameB] = [ofA[differing], ofB[differing]];
  const isTelling = (name: string | undefined): name is string =>
    name !== undefined && name.trim() !== "" && !saysNothing.test(name) && !unfit.test(name);
  return isTelling(nameA) && isTelling(nameB) ? { a: nameA, b: nameB } : { a: "A", b: "B" };
}

type NamedData = Pick<Config["data"], "names" | "a" | "b" | "folders">;
