import type { DataLayout } from "../../protocol/trainer";
import type { DomainFolders } from "../../configuration/dataLocation";
import { guessMode } from "../../configuration/readConfiguration";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { scanDataset, type Source, sourcesOf, type Split } from "../data/dataset/dataset";
import { entriesOf, listFolder } from "../data/dataset/folderListing";
import type { FileKind } from "../data/dataset/fileKind";
import { guessKind, guessLayout, hasParts } from "../data/dataset/guessLayout";
import { type DomainFiles, matchPairs } from "../data/dataset/pairs";
import { type InspectedFile, type InspectedDomains, inspectSources, sidesRange } from "../data/inspectSources";

/**
 * The content of a folder: a data set, as by {@link inspectData}, or else pictures or volumes of one domain.
 * @throws RevganError `data` naming what is missing or broken
 */
export async function inspectFolder(folder: string, decoder: DecoderClient, signal: AbortSignal): Promise<DataLayout> {
  const fileKind = guessKind([folder]);
  const files = hasParts(folder) ? [] : listFolder(folder, fileKind).files;
  if (files.length === 0) return inspectData(folder, decoder, signal);
  const sources = { a: files.map((file): Source => ({ file, half: "whole" })), b: [] };
  const found = await inspectSources(sources, dimensionsOf(fileKind), decoder, signal);
  const channels = mostChannels(found.a);
  return {
    mode: "unpaired",
    kind: "one",
    dimensions: dimensionsOf(fileKind),
    folders: null,
    channels: { a: channels, b: channels },
    a: files.length,
    b: 0,
    pairs: 0,
    hasHeldOut: false,
    ...sidesRange(found),
  };
}

/**
 * The content of two folders, one for each domain. They count as paired where most files have a partner of the same name.
 * @throws RevganError `data` naming what is missing or broken
 */
export async function inspectFolders(
  { a, b }: DomainFolders,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<DataLayout> {
  const kind = guessKind([a, b]);
  const { train } = scanDataset({ a, b }, "unpaired", kind).splits;
  const found = await inspectSources(sourcesOf(train), dimensionsOf(kind), decoder, signal);
  const counts = countsOf(train, kind);
  const mode = 2 * counts.pairs > Math.min(counts.a, counts.b) ? "paired" : "unpaired";
  return { mode, folders: null, hasHeldOut: false, ...layoutOf(train, kind, counts, found, ["a", "b"]) };
}

/**
 * The content of a data folder: whether it has pictures or volumes, its layout and counts, and the sizes of a few evenly spaced files. Of
 * two folders of volumes in `train/`, the one with fewer voxels becomes A, because low resolution is usually the input.
 * @throws RevganError `data` naming what is missing or broken
 */
export async function inspectData(folder: string, decoder: DecoderClient, signal: AbortSignal): Promise<DataLayout> {
  const { kind, folders } = guessLayout(folder);
  const { train, val, test } = scanDataset({ path: folder, folders }, "unpaired", kind).splits;
  const found = await inspectSources(sourcesOf(train), dimensionsOf(kind), decoder, signal);
  const isTurned = folders !== null && voxelCount(found.a[0]!) > voxelCount(found.b[0]!);
  const order = isTurned ? (["b", "a"] as const) : (["a", "b"] as const);
  const counts = countsOf(train, kind);
  return {
    mode: counts.pairs === 0 ? "unpaired" : guessMode(entriesOf(folder).map(({ name }) => name)),
    folders: folders === null ? null : { a: folders[order[0]], b: folders[order[1]] },
    hasHeldOut: val !== null || test !== null,
    ...layoutOf(train, kind, counts, found, order),
  };
}

function dimensionsOf(kind: FileKind): 2 | 3 {
  return kind.sideBySide ? 2 : 3;
}

type Counts = Pick<DataLayout, "a" | "b" | "pairs">;

function countsOf(train: Split, kind: FileKind): Counts {
  if (train.kind === "aligned") return { a: train.files.length, b: train.files.length, pairs: train.files.length };
  const [a, b] = [train.a, train.b].map((files) => ({ folder: "", files })) as [DomainFiles, DomainFiles];
  return { a: train.a.length, b: train.b.length, pairs: matchPairs(a, b, kind).a.length };
}

/** @param order which of the two inspected domains becomes A, and which B */
function layoutOf(
  train: Split,
  kind: FileKind,
  counts: Counts,
  found: InspectedDomains,
  [a, b]: readonly ["a" | "b", "a" | "b"],
): Omit<DataLayout, "mode" | "folders" | "hasHeldOut"> {
  return {
    kind: train.kind,
    dimensions: dimensionsOf(kind),
    channels: { a: mostChannels(found[a]), b: mostChannels(found[b]) },
    a: counts[a],
    b: counts[b],
    pairs: counts.pairs,
    ...sidesRange(found),
  };
}

function mostChannels(files: readonly InspectedFile[]): number {
  return Math.max(...files.map(({ channels }) => channels));
}

function voxelCount({ sides }: InspectedFile): number {
  return sides.reduce((product, side) => product * side, 1);
}
