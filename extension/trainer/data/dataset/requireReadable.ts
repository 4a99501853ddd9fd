import { relative } from "node:path";
import { RevganError } from "../../../protocol/errors";
import type { FirstReport } from "./check";
import { sizeOfSource } from "../sizeProblems";
import { type Dataset, sourcesOf, type Source } from "./dataset";
import type { FileProblem } from "../decoder/decoderFiles";
import { sizeRoundedDown, sameSize, showSize } from "../picture";

/** The most files that a message names; with more, the remedy at its end would not be seen. */
const namedFiles = 20;

/**
 * Throws where the check before the first step found files that cannot be used and may not be left out.
 *
 * @param skipUnreadable whether files with problems are left out, and in pairs their partners
 * @returns the data set, in which files that cannot be read keep their places
 * @throws RevganError `data` naming every unusable file; when no file of a domain is left; when a batch of several images would mix sizes
 */
export function requireReadable(report: FirstReport, skipUnreadable: boolean): Dataset {
  const { dataset, problems } = report;
  if (problems.length > 0 && !skipUnreadable) throw unusableFilesError(dataset.root, problems);
  const bad = new Set(problems.map((problem) => problem.file));
  const { a, b } = sourcesOf(dataset.splits.train);
  const isLeft = (source: Source): boolean => !bad.has(source.file);
  const isAnyLeft =
    dataset.mode === "paired" ? a.some((one, i) => isLeft(one) && isLeft(b[i]!)) : a.some(isLeft) && b.some(isLeft);
  if (!isAnyLeft) throw unusableFilesError(dataset.root, problems, "nothing is left to train on");
  requireOneSize(report, a, isLeft);
  requireOneSize(report, b, isLeft);
  return { ...dataset, problems: [] };
}

function unusableFilesError(root: string, problems: readonly FileProblem[], consequence?: string): RevganError {
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

/**
 * Throws where images of a domain differ in size and are neither resized nor cropped: a batch is one tensor, so its images need one size.
 */
function requireOneSize(
  { infos, settings, dataset }: FirstReport,
  sources: readonly Source[],
  isLeft: (source: Source) => boolean,
): void {
  if (settings.batchSize === 1 || settings.cropSize !== null || settings.loadSize !== null) return;
  const known = sources.flatMap((source) => {
    const info = infos.get(source.file);
    return info === undefined || !isLeft(source)
      ? []
      : [{ source, size: sizeRoundedDown(sizeOfSource(source, info), settings.multiple) }];
  });
  const other = known.find(({ size }) => !sameSize(size, known[0]!.size));
  if (other === undefined) return;
  const [first, second] = [known[0]!, other].map(({ source }) => relative(dataset.root, source.file));
  throw new RevganError(
    "data",
    `a batch of ${settings.batchSize} needs images of one size: ${first} is ${showSize(known[0]!.size)}, ${second} is ${showSize(other.size)}`,
    "set data.cropSize or data.loadSize, or training.batchSize to 1",
  );
}
