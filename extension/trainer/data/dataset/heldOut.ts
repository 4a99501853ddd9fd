import { basename } from "node:path";
import type { Config } from "../../../configuration/config";
import { RevganError } from "../../../protocol/errors";
import type { HeldOut } from "../../../runFolder/heldOut";
import { hashOfText } from "../../random";
import type { Dataset, Mode, Split } from "./dataset";
import { type FileKind, stemOf } from "./fileKind";

/** The parts that may be held out of the training files, in the order in which they are drawn. */
const parts = ["val", "test"] as const;

type Shares = Config["data"]["split"];

/**
 * Draws the files to hold out of the training files: those with the lowest hashes of seed and name. Files of the same name, in unpaired
 * data too, so go to the same part, and adding or removing other files changes little.
 *
 * @param shares `data.split`; a part that the data set already has is not drawn
 * @returns null where nothing is held out
 * @throws RevganError `data` where there are too few files
 */
export function drawHeldOut(
  { root, mode, splits }: Pick<Dataset, "root" | "mode" | "splits">,
  shares: Shares,
  seed: number,
  kind: FileKind,
): HeldOut | null {
  const wanted = parts.filter((part) => splits[part] === null && (shares?.[part] ?? 0) > 0);
  if (shares === null || wanted.length === 0) return null;
  const drawn = (files: readonly string[], domain: string): Record<(typeof parts)[number], string[]> => {
    const order = files
      .map((file) => ({ name: basename(file), hash: hashOfText(seed, stemOf(file, kind)) }))
      .sort((x, y) => x.hash - y.hash || (x.name < y.name ? -1 : 1));
    const counts = wanted.map((part) => Math.max(1, Math.round(shares[part] * files.length)));
    const all = counts.reduce((sum, count) => sum + count, 0);
    if (all >= files.length) throw tooFewError(root, files.length, domain, wanted, kind);
    const found = { val: [] as string[], test: [] as string[] };
    let first = 0;
    for (const [i, part] of wanted.entries()) {
      found[part] = order
        .slice(first, first + counts[i]!)
        .map(({ name }) => name)
        .sort();
      first += counts[i]!;
    }
    return found;
  };
  const { train } = splits;
  const arePairs = train.kind === "aligned" || mode === "paired";
  const a = drawn(train.kind === "aligned" ? train.files : train.a, arePairs ? "" : " of A");
  const b = train.kind === "aligned" || arePairs ? { val: [], test: [] } : drawn(train.b, " of B");
  const partOf = (part: (typeof parts)[number]) => (wanted.includes(part) ? { a: a[part], b: b[part] } : null);
  return { val: partOf("val"), test: partOf("test") };
}

/** The data set with the files that are held out moved from `train` to their parts. Names of missing files are ignored. */
export function holdOut(dataset: Dataset, heldOut: HeldOut | null): Dataset {
  if (heldOut === null) return dataset;
  const { mode, splits } = dataset;
  const out = parts.flatMap((part) => heldOut[part] ?? []);
  const isOut = { a: new Set(out.flatMap(({ a }) => a)), b: new Set(out.flatMap(({ b }) => b)) };
  const train = filteredSplit(splits.train, mode, isOut, false);
  if (train === null)
    throw new RevganError(
      "data",
      `${dataset.root} has no files to train on but those that are held out`,
      "put the others back, or start a new run",
    );
  const partOf = (part: (typeof parts)[number]): Split | null => {
    const names = heldOut[part];
    return names === null
      ? splits[part]
      : filteredSplit(splits.train, mode, { a: new Set(names.a), b: new Set(names.b) }, true);
  };
  return { ...dataset, splits: { train, val: partOf("val"), test: partOf("test") } };
}

/** A split with only the files whose names are in the sets (`inside`), or only the others; null where a domain then has no file. */
function filteredSplit(
  split: Split,
  mode: Mode,
  names: { readonly a: ReadonlySet<string>; readonly b: ReadonlySet<string> },
  inside: boolean,
): Split | null {
  const ofA = (file: string): boolean => names.a.has(basename(file)) === inside;
  if (split.kind === "aligned") {
    const files = split.files.filter(ofA);
    return files.length === 0 ? null : { kind: "aligned", files };
  }
  const a = split.a.filter(ofA);
  const b =
    mode === "paired"
      ? split.b.filter((_, i) => ofA(split.a[i]!))
      : split.b.filter((file) => names.b.has(basename(file)) === inside);
  return a.length === 0 || b.length === 0 ? null : { kind: "two", a, b };
}

function tooFewError(
  root: string,
  count: number,
  domain: string,
  wanted: readonly string[],
  { noun }: FileKind,
): RevganError {
  const things = count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
  return new RevganError(
    "data",
    `${root} has ${things}${domain}: too few to hold out ${wanted.join(" and ")} (data.split) and train on the others`,
    "add more, or set data.split to null",
  );
}
