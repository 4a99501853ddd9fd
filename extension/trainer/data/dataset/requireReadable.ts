import { relative } from "node:path";
import { RevganError } from "../../../protocol/errors";
import type { CheckReport } from "./check";
import { halfSize } from "../sizeProblems";
import { type Dataset, type Split, type SplitName, sourcesOf, type Source } from "./dataset";
import type { FileProblem } from "../decoder/decoderFiles";
import { sizeRoundedDown, sameSize, showSize } from "../picture";

/** Messages name this many files; with more, the remedy at their end would not be seen. */
const namedFiles = 20;

/**
 * The data set without its unusable files.
 *
 * @param skipUnreadable leave out the files with problems, and their partners in pairs, instead of failing
 * @throws RevganError `data` naming every unusable file; when no file of a domain is left; when a batch of several images
 *   would mix sizes
 */
export function requireReadable(report: CheckReport, skipUnreadable: boolean): Dataset {
  const { dataset, problems } = report;
  if (problems.length > 0 && !skipUnreadable) throw unusable(dataset.root, problems);
  const bad = new Set(problems.map((problem) => problem.file));
  const left = (name: SplitName): Split | null => without(dataset.splits[name], bad, dataset.mode);
  const train = left("train");
  if (train === null) throw unusable(dataset.root, problems, "nothing is left to train on");
  const usable: Dataset = { ...dataset, splits: { train, val: left("val"), test: left("test") }, problems: [] };
  const { a, b } = sourcesOf(train);
  requireOneSize(report, a);
  requireOneSize(report, b);
  return usable;
}

/** Null where a domain loses every file. */
function without(split: Split | null, bad: ReadonlySet<string>, mode: Dataset["mode"]): Split | null {
  if (split === null) return null;
  const good = (file: string): boolean => !bad.has(file);
  if (split.kind === "aligned") {
    const files = split.files.filter(good);
    return files.length === 0 ? null : { kind: "aligned", files };
  }
  const whole = (i: number): boolean => good(split.a[i]!) && good(split.b[i]!);
  const a = split.a.filter((file, i) => (mode === "paired" ? whole(i) : good(file)));
  const b = split.b.filter((file, i) => (mode === "paired" ? whole(i) : good(file)));
  return a.length === 0 || b.length === 0 ? null : { kind: "two", a, b };
}

function unusable(root: string, problems: readonly FileProblem[], consequence?: string): RevganError {
  const named = problems.slice(0, namedFiles).map(({ file, reason }) => `${relative(root, file)} ${reason}`);
  const more = problems.length > namedFiles ? `; and ${problems.length - namedFiles} more` : "";
  const files = problems.length === 1 ? "1 file" : `${problems.length} files`;
  const end = consequence === undefined ? "" : `; ${consequence}`;
  const only = problems.length === 1 ? problems[0]!.remedy : "repair or remove them";
  const remedy =
    consequence === undefined
      ? `${only}, or set data.skipUnreadable to true to train without ${problems.length === 1 ? "it" : "them"}`
      : only;
  return new RevganError("data", `${files} in ${root} cannot be used: ${named.join("; ")}${more}${end}`, remedy);
}

/** A batch is one tensor, so its images need one size. */
function requireOneSize({ infos, settings, dataset }: CheckReport, sources: readonly Source[]): void {
  if (settings.batchSize === 1 || settings.cropSize !== null || settings.loadSize !== null) return;
  const sizes = sources.map((source) => sizeRoundedDown(halfSize(source, infos.get(source.file)!), settings.multiple));
  const other = sizes.findIndex((size) => !sameSize(size, sizes[0]!));
  if (other < 0) return;
  const [first, second] = [sources[0]!.file, sources[other]!.file].map((file) => relative(dataset.root, file));
  throw new RevganError(
    "data",
    `a batch of ${settings.batchSize} needs images of one size: ${first} is ${showSize(sizes[0]!)}, ${second} is ${showSize(sizes[other]!)}`,
    "set data.cropSize or data.loadSize, or training.batchSize to 1",
  );
}
