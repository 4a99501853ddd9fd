import { RevganError } from "../../../protocol/errors";
import { placedOf, upsamplingOf, type Placed } from "../../volumes/grids";
import { meanWindow, type IntensityWindow } from "../../volumes/intensity";
import type { DecoderClient } from "../decoder/decoderClient";
import type { ImageInfo } from "../decoder/decoderProtocol";
import { fitProblem, halfSize, pairProblem } from "../sizeProblems";
import type { ImageSettings } from "./imageSettings";
import { splitNames, type Dataset, type Split, type SplitName, sourcesOf, type Source } from "./dataset";
import type { FileProblem } from "../decoder/decoderFiles";
import type { ImageSize } from "../picture";

/** Sizes and formats of the readable images of one domain in one split. */
export interface DomainSummary {
  readonly images: number;
  /** Smallest height and smallest width, possibly of different images. */
  readonly smallest: ImageSize;
  readonly largest: ImageSize;
  /** Ascending: [8], [16] or [8, 16]. */
  readonly bits: readonly number[];
  /** Ascending: 1 is gray, 3 is RGB. */
  readonly channels: readonly number[];
  /** Of volumes: the mean of their intensity windows. */
  readonly window: IntensityWindow | null;
}

/** The result of decoding every file of a data set. */
export interface CheckReport {
  readonly dataset: Dataset;
  /** The settings that the check was called with; for volumes with the factors by which their voxel grids are refined (`data.upsampling`). */
  readonly settings: ImageSettings;
  /** By path; unreadable files are absent. */
  readonly infos: ReadonlyMap<string, ImageInfo>;
  readonly summaries: Readonly<Record<SplitName, { readonly a: DomainSummary; readonly b: DomainSummary } | null>>;
  /** Every file that cannot be used, beginning with those that `scanDataset` found. */
  readonly problems: readonly FileProblem[];
}

export interface CheckOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Decodes every file of a data set once, so that a broken file is found before the training and not at its thousandth step. Pixels
 * are not kept.
 *
 * @throws RevganError `interrupted` by the signal, `internal` when the decoder cannot be started; problems of files are in the report
 */
export async function checkDataset(
  dataset: Dataset,
  given: ImageSettings,
  decoder: DecoderClient,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const problems = [...dataset.problems];
  const infos = new Map<string, ImageInfo>();
  const splits = splitNames.map((name) => dataset.splits[name]);
  const files = [...new Set(splits.flatMap(filesOf))];
  for (const [done, file] of files.entries()) {
    options.onProgress?.(done, files.length);
    const info = await inspected(file, given, decoder, options.signal);
    if ("reason" in info) problems.push(info);
    else infos.set(file, info);
  }
  options.onProgress?.(files.length, files.length);
  const settings = withGrids(given, dataset, infos);
  const unfit = splits.flatMap((split) => unfitOf(split, infos, settings));
  const summaries = Object.fromEntries(
    splitNames.map((name) => [name, summariesOf(dataset.splits[name], infos)]),
  ) as CheckReport["summaries"];
  return { dataset, settings, infos, summaries, problems: [...problems, ...unfit] };
}

async function inspected(
  file: string,
  { volumes }: ImageSettings,
  decoder: DecoderClient,
  signal: AbortSignal | undefined,
): Promise<ImageInfo | FileProblem> {
  try {
    return await decoder.inspect(file, signal, volumes?.intensity ?? null);
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

/** Files that are readable but cannot be trained on; at most one problem a file. */
function unfitOf(split: Split | null, infos: ReadonlyMap<string, ImageInfo>, settings: ImageSettings): FileProblem[] {
  const problems = new Map<string, FileProblem>();
  const note = (problem: FileProblem | null): void => {
    if (problem !== null && !problems.has(problem.file)) problems.set(problem.file, problem);
  };
  const { a, b } = sourcesOf(split);
  for (const [domain, sources] of [
    ["a", a],
    ["b", b],
  ] as const) {
    for (const source of sources) {
      const info = infos.get(source.file);
      if (info !== undefined) note(fitProblem(source, domain, info, settings));
    }
  }
  if (settings.paired) for (const [i, source] of a.entries()) note(pairProblem(source, b[i]!, infos, settings));
  return [...problems.values()];
}

/** The upsampling of paired volumes follows from their headers, unless the configuration sets it. */
function withGrids(settings: ImageSettings, dataset: Dataset, infos: ReadonlyMap<string, ImageInfo>): ImageSettings {
  const { volumes, paired } = settings;
  if (volumes === null || volumes.upsampling !== null) return settings;
  return {
    ...settings,
    volumes: { ...volumes, upsampling: upsamplingOf(paired ? readPairs(dataset.splits.train, infos) : []) },
  };
}

function* readPairs(split: Split | null, infos: ReadonlyMap<string, ImageInfo>): Generator<readonly [Placed, Placed]> {
  const { a, b } = sourcesOf(split);
  for (const [i, { file }] of a.entries()) {
    const [infoA, infoB] = [infos.get(file), infos.get(b[i]!.file)];
    if (infoA !== undefined && infoB !== undefined) yield [placedOf(file, infoA), placedOf(b[i]!.file, infoB)];
  }
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
  const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((x, y) => x - y);
  const least = (values: readonly number[]): number => values.reduce((x, y) => Math.min(x, y), values[0] ?? 0);
  const most = (values: readonly number[]): number => values.reduce((x, y) => Math.max(x, y), 0);
  return {
    images: found.length,
    smallest: sizeBy(least, found),
    largest: sizeBy(most, found),
    bits: distinct(found.map((image) => image.bits)),
    channels: distinct(found.map((image) => image.channels)),
    window: meanWindow(found.flatMap(({ window }) => window ?? [])),
  };
}

/** Applies `choose` to each side on its own; with a depth where there are volumes. */
function sizeBy(choose: (values: readonly number[]) => number, sizes: readonly ImageSize[]): ImageSize {
  const depths = sizes.flatMap(({ depth }) => depth ?? []);
  const plane = { height: choose(sizes.map(({ height }) => height)), width: choose(sizes.map(({ width }) => width)) };
  return depths.length === 0 ? plane : { depth: choose(depths), ...plane };
}
