import { RevganError } from "../../protocol/errors";
import type { DecoderClient } from "./decoderClient";
import type { ImageInfo } from "./decoderProtocol";
import { fitProblem, halfSize, pairProblem } from "./fit";
import type { ImageSettings } from "./imageSettings";
import { splitNames, type Dataset, type Split, type SplitName } from "./layout";
import type { FileProblem } from "./listing";
import type { ImageSize } from "./picture";
import { sourcesOf, type Source } from "./source";

/** What the readable images of one domain in one split are like. */
export interface DomainSummary {
  readonly images: number;
  /** Smallest height and smallest width, not always of one image. */
  readonly smallest: ImageSize;
  readonly largest: ImageSize;
  /** Ascending: [8], [16] or [8, 16]. */
  readonly bits: readonly number[];
  /** Ascending: 1 is gray, 3 is RGB. */
  readonly channels: readonly number[];
}

/** What a look at every file of a data set gave. */
export interface CheckReport {
  readonly dataset: Dataset;
  readonly settings: ImageSettings;
  /** By path; unreadable files are absent. */
  readonly infos: ReadonlyMap<string, ImageInfo>;
  readonly summaries: Readonly<Record<SplitName, { readonly a: DomainSummary; readonly b: DomainSummary } | null>>;
  /** Every file that cannot be used, those that `scanDataset` found first. */
  readonly problems: readonly FileProblem[];
}

export interface CheckOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Decodes every file of a data set once, so that a training does not stop at its thousandth step over a file that was broken
 * from the start. Nothing is kept of the pixels.
 *
 * @throws RevganError `interrupted` by the signal, `internal` when the decoder does not work at all; never about a file
 */
export async function checkDataset(dataset: Dataset, settings: ImageSettings, decoder: DecoderClient, options: CheckOptions = {}): Promise<CheckReport> {
  const problems = [...dataset.problems];
  const infos = new Map<string, ImageInfo>();
  const splits = splitNames.map((name) => dataset.splits[name]);
  const files = [...new Set(splits.flatMap(filesOf))];
  for (const [done, file] of files.entries()) {
    options.onProgress?.(done, files.length);
    const info = await inspected(file, decoder, options.signal);
    if ("reason" in info) problems.push(info);
    else infos.set(file, info);
  }
  options.onProgress?.(files.length, files.length);
  const unfit = splits.flatMap((split) => unfitOf(split, infos, settings));
  const summaries = Object.fromEntries(splitNames.map((name) => [name, summariesOf(dataset.splits[name], infos)])) as CheckReport["summaries"];
  return { dataset, settings, infos, summaries, problems: [...problems, ...unfit] };
}

async function inspected(file: string, decoder: DecoderClient, signal: AbortSignal | undefined): Promise<ImageInfo | FileProblem> {
  try {
    return await decoder.inspect(file, signal);
  } catch (error) {
    if (!(error instanceof RevganError) || error.code === "interrupted" || error.code === "internal") throw error;
    const reason = error.message.startsWith(`${file} `) ? error.message.slice(file.length + 1) : error.message;
    return { file, reason, remedy: error.remedy };
  }
}

function filesOf(split: Split | null): readonly string[] {
  if (split === null) return [];
  return split.kind === "aligned" ? split.files : [...split.a, ...split.b];
}

/** Files that are readable and yet cannot be trained on: one problem a file at most. */
function unfitOf(split: Split | null, infos: ReadonlyMap<string, ImageInfo>, settings: ImageSettings): FileProblem[] {
  const problems = new Map<string, FileProblem>();
  const note = (problem: FileProblem | null): void => {
    if (problem !== null && !problems.has(problem.file)) problems.set(problem.file, problem);
  };
  const { a, b } = sourcesOf(split);
  for (const source of [...a, ...b]) {
    const info = infos.get(source.file);
    if (info !== undefined) note(fitProblem(source, info, settings));
  }
  if (settings.paired) for (const [i, source] of a.entries()) note(pairProblem(source, b[i]!, infos, settings));
  return [...problems.values()];
}

function summariesOf(split: Split | null, infos: ReadonlyMap<string, ImageInfo>): CheckReport["summaries"]["train"] {
  if (split === null) return null;
  const { a, b } = sourcesOf(split);
  return { a: summaryOf(a, infos), b: summaryOf(b, infos) };
}

function summaryOf(sources: readonly Source[], infos: ReadonlyMap<string, ImageInfo>): DomainSummary {
  const found = sources.flatMap((source) => {
    const info = infos.get(source.file);
    return info === undefined ? [] : [{ ...info, ...halfSize(source, info) }];
  });
  const heights = found.map((image) => image.height);
  const widths = found.map((image) => image.width);
  const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((x, y) => x - y);
  const least = (values: readonly number[]): number => values.reduce((x, y) => Math.min(x, y), values[0] ?? 0);
  const most = (values: readonly number[]): number => values.reduce((x, y) => Math.max(x, y), 0);
  return {
    images: found.length,
    smallest: { height: least(heights), width: least(widths) },
    largest: { height: most(heights), width: most(widths) },
    bits: distinct(found.map((image) => image.bits)),
    channels: distinct(found.map((image) => image.channels)),
  };
}
