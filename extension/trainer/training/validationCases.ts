import type { Config } from "../../configuration/config";
import { directionsOf } from "../../configuration/networkKind";
import { RevganError } from "../../protocol/errors";
import type { TranslationDirection } from "../../protocol/lines";
import { imageFiles, volumeFiles } from "../data/dataset/fileKind";
import type { Dataset, Source, Split } from "../data/dataset/dataset";
import type { ImageSettings } from "../data/dataset/imageSettings";
import type { ImageInfo } from "../data/decoder/decoderProtocol";
import { type ImageSize, sameSize } from "../data/picture";
import { sizeOfSource, unequalPair } from "../data/sizeProblems";
import { type Case, casesOf } from "../evaluate/cases";
import { smallestSide } from "../evaluate/slicedWasserstein";
import { networkGridSize } from "../volumes/grids";

/** What a training is validated on. */
export interface ValidationCases {
  readonly split: "val" | "test";
  /** Of every direction that the network translates, in the order of their names. */
  readonly cases: Readonly<Partial<Record<TranslationDirection, readonly Case[]>>>;
  /** Whether every picture has its true translation; else pictures are compared as sets. */
  readonly arePairs: boolean;
}

/** Sizes and formats that were found, and how volumes are brought to a grid. */
interface FoundFiles {
  readonly dataset: Dataset;
  /** Of files that were looked at; sizes of others are compared when a validation reads them. */
  readonly infos: ReadonlyMap<string, ImageInfo>;
  /** With the volumes' grids. */
  readonly settings: Pick<ImageSettings, "volumes">;
}

/**
 * Finds what a training is validated on: pairs where there are some, in unpaired mode else all pictures. With a number in
 * `training.validateEvery` they are those of val and must be there; with null those of val or else of test, if there are any.
 *
 * @returns null for no validations
 * @throws RevganError `data`
 */
export function findValidation(found: FoundFiles, config: Config): ValidationCases | null {
  const { validateEvery } = config.training;
  const { val, test } = found.dataset.splits;
  if (validateEvery === 0) return null;
  if (validateEvery === null) return casesIn("val", val, found, config) ?? casesIn("test", test, found, config);
  requireEqualSizes(val, found);
  const cases = casesIn("val", val, found, config);
  if (cases !== null) return cases;
  const wanted =
    found.settings.volumes === null
      ? "files of the same name and size into valA and valB, or pairs side by side into val"
      : "volumes of the same name into the two folders of val";
  throw new RevganError(
    "data",
    `${found.dataset.root} has no pairs to validate on`,
    `put ${wanted}, or set training.validateEvery to 0`,
  );
}

/** At most so many pictures of each direction, evenly spread over the order of their names. */
export function evenlySpreadCases(validation: ValidationCases, most: number): ValidationCases {
  const spread = (cases: readonly Case[]): Case[] => {
    const count = Math.min(most, cases.length);
    return Array.from({ length: count }, (_, i) => cases[Math.floor(((i + 0.5) * cases.length) / count)]!);
  };
  const entries = Object.entries(validation.cases).map(([direction, cases]) => [direction, spread(cases)] as const);
  return { ...validation, cases: Object.fromEntries(entries) };
}

/** How many pictures are translated in a direction, the most of any. */
export function picturesIn({ cases }: ValidationCases): number {
  return Math.max(...Object.values(cases).map(({ length }) => length));
}

function casesIn(
  name: ValidationCases["split"],
  split: Split | null,
  found: FoundFiles,
  { mode, network }: Config,
): ValidationCases | null {
  if (split === null) return null;
  const ways = directionsOf(network);
  const kind = found.settings.volumes === null ? imageFiles : volumeFiles;
  const all = ways.map((direction) => [direction, casesOf(split, mode, direction, kind)] as const);
  const pairs = all.map(([way, cases]) => [way, cases.filter((each) => isPair(each, way, found))] as const);
  if (pairs[0]![1].length > 0) return { split: name, cases: Object.fromEntries(pairs), arePairs: true };
  if (mode === "paired") return null;
  const single = all.map(
    ([way, cases]) =>
      [way, cases.filter((each) => isLargeEnough(each, found)).map((each) => ({ ...each, truth: null }))] as const,
  );
  if (single.some(([, cases]) => cases.length === 0)) return null;
  return { split: name, cases: Object.fromEntries(single), arePairs: false };
}

/** Paired volumes are brought to one grid, whatever their sizes. */
function isPair({ input, truth }: Case, direction: TranslationDirection, found: FoundFiles): boolean {
  if (truth === null) return false;
  const [a, b] = direction === "AtoB" ? [input, truth] : [truth, input];
  if (isOnOneGrid(found) || !areKnown([a, b], found)) return true;
  return sameSize(sizeOf(a, "a", found), sizeOf(b, "b", found));
}

function isLargeEnough({ input: { file, half } }: Case, { infos }: FoundFiles): boolean {
  const info = infos.get(file);
  if (info === undefined) return true;
  const { height, width } = sizeOfSource({ file, half }, info);
  return Math.min(height, width) >= smallestSide;
}

/**
 * In paired mode, refuses pairs of unequal sizes among the files that were looked at. A training that resizes accepts such a pair, but a
 * validation compares pictures as they are.
 * @throws RevganError `data` naming the first such pair
 */
function requireEqualSizes(val: Split | null, found: FoundFiles): void {
  const { mode } = found.dataset;
  if (val === null || mode !== "paired" || isOnOneGrid(found)) return;
  for (const { input, truth } of casesOf(val, mode, "AtoB", imageFiles)) {
    if (!areKnown([input, truth!], found)) continue;
    const [a, b] = [sizeOf(input, "a", found), sizeOf(truth!, "b", found)];
    if (sameSize(a, b)) continue;
    const { file, reason } = unequalPair(input.file, a, truth!.file, b);
    throw new RevganError("data", `${file} ${reason}`, "give both the same size: validations compare them as they are");
  }
}

function areKnown(sources: readonly Source[], { infos }: FoundFiles): boolean {
  return sources.every(({ file }) => infos.has(file));
}

function isOnOneGrid({ dataset, settings }: FoundFiles): boolean {
  return dataset.mode === "paired" && settings.volumes !== null;
}

function sizeOf(source: Source, domain: "a" | "b", { infos, settings }: FoundFiles): ImageSize {
  return networkGridSize(sizeOfSource(source, infos.get(source.file)!), domain, settings.volumes);
}
