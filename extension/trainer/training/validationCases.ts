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

/** The pictures or volumes that a training is validated on. */
export interface ValidationCases {
  readonly split: "val" | "test";
  /** The cases of each direction that the network translates, sorted by file name. */
  readonly cases: Readonly<Partial<Record<TranslationDirection, readonly Case[]>>>;
  /**
   * Whether every picture has a true translation to compare with. If not, the set of translations is compared with the set of real
   * pictures.
   */
  readonly arePairs: boolean;
}

/** The data set, the sizes of its files as far as known, and the common grids of its volumes. */
interface FoundFiles {
  readonly dataset: Dataset;
  /** By path, the files that were checked so far. Sizes of the others are compared when a validation reads them. */
  readonly infos: ReadonlyMap<string, ImageInfo>;
  /** In `volumes`, how volumes are resampled to grids; null for images. */
  readonly settings: Pick<ImageSettings, "volumes">;
}

/**
 * Finds the cases to validate on: the pairs of a split if it has any, or else, in unpaired mode, all of its pictures. If
 * `training.validateEvery` is a number, the split is val, which must have cases; if it is null, val, or else test, if either has cases.
 *
 * @returns null for no validations
 * @throws RevganError `data` if `training.validateEvery` is a number and val has no cases or, in paired mode, pairs of unequal sizes
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

/** At most `most` cases of each direction, evenly spread over the list sorted by name. */
export function evenlySpreadCases(validation: ValidationCases, most: number): ValidationCases {
  const spread = (cases: readonly Case[]): Case[] => {
    const count = Math.min(most, cases.length);
    return Array.from({ length: count }, (_, i) => cases[Math.floor(((i + 0.5) * cases.length) / count)]!);
  };
  const entries = Object.entries(validation.cases).map(([direction, cases]) => [direction, spread(cases)] as const);
  return { ...validation, cases: Object.fromEntries(entries) };
}

/** The number of cases in the direction that has the most. */
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

/** Whether a case has a true translation of the same size. Paired volumes may differ in size, since both are resampled to one grid. */
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
