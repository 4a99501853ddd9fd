import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Config } from "../../configuration/config";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import { readSmallText } from "../../files/limitedRead";
import { latestWhole } from "../../runFolder/checkpoints";
import { parseCheckpointState } from "../../runFolder/checkpointState";
import { readHeldOut } from "../../runFolder/heldOut";
import { readLeftOut } from "../../runFolder/leftOut";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { scanDataset, type SplitName, splitNames, sourcesOf } from "../data/dataset/dataset";
import { fileKind } from "../data/dataset/fileKind";
import { holdOut } from "../data/dataset/heldOut";
import { inspectSources, sidesRange } from "../data/inspectSources";

/** Facts about the data that a run was trained on. */
export interface DataFacts {
  /** Names of the data folders, without the path above them. */
  readonly folders: readonly string[];
  /**
   * The numbers of files of A and B in each split; where the data are gone only those of the training split, from the latest checkpoint.
   */
  readonly counts: readonly { readonly split: SplitName; readonly a: number; readonly b: number }[];
  /** The smallest and the largest sides of a few files, slowest axis first; null where the data are gone. */
  readonly sides: { readonly smallest: readonly number[]; readonly largest: readonly number[] } | null;
  /** The number of files that could not be used. */
  readonly leftOut: number;
  readonly origins: readonly Origin[];
}

/** A file that tells where data come from. */
export interface Origin {
  readonly file: string;
  readonly text: string;
}

/** The most bytes that are read of a file with origins. */
const longestOrigin = 20_000;

const originPattern = /^(licen[cs]e|copying|credits|citation|attribution|readme)(\.(md|txt|rst|cff))?$/i;

/** Reads facts from the run and, where it still exists, from the data folder. */
export async function dataFacts(
  run: string,
  config: Config,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<DataFacts> {
  const location = dataLocation(config.data);
  const folders = location === null ? [] : foldersOf(location);
  const leftOut = (await readLeftOut(run)).length;
  const told = { folders: folders.map((folder) => basename(folder)), leftOut, origins: await originsOf(folders) };
  if (location === null) return { ...told, counts: await trainedOn(run), sides: null };
  try {
    const scanned = scanDataset(location, config.mode, fileKind(config.network.dimensions));
    const { splits } = holdOut(scanned, await readHeldOut(run));
    const sides = sidesRange(await inspectSources(sourcesOf(splits.train), config.network.dimensions, decoder, signal));
    const counts = splitNames.flatMap((split) => {
      const found = splits[split];
      if (found === null) return [];
      const { a, b } = sourcesOf(found);
      return [{ split, a: a.length, b: b.length }];
    });
    return { ...told, counts, sides };
  } catch (error) {
    if (!(error instanceof RevganError) || error.code === "interrupted") throw error;
    return { ...told, counts: await trainedOn(run), sides: null };
  }
}

/** The numbers of training images that the latest checkpoint records; empty where there are none. */
async function trainedOn(run: string): Promise<DataFacts["counts"]> {
  const { checkpoint } = await latestWhole(run);
  if (checkpoint === undefined) return [];
  const file = join(checkpoint.path, "state.json");
  const { images } = parseCheckpointState(await readSmallText(file), file).more;
  return images === undefined ? [] : [{ split: "train", ...images }];
}

/** Licences, readmes and the like beside the data; where A and B are two folders, also from the folders above them. */
async function originsOf(folders: readonly string[]): Promise<Origin[]> {
  const places = new Set(folders.length > 1 ? [...folders, ...folders.map((folder) => dirname(folder))] : folders);
  const found: Origin[] = [];
  for (const folder of places)
    for (const name of (await readdir(folder).catch(() => [])).sort())
      if (originPattern.test(name)) {
        const text = await readSmallText(join(folder, name), longestOrigin).catch(() => null);
        if (text !== null) found.push({ file: name, text: text.trim() });
      }
  return found;
}
