import type { Config } from "../../configuration/config";
import { directionsOf } from "../../configuration/networkKind";
import { RevganError } from "../../protocol/errors";
import type { DataPicture } from "../../protocol/trainer";
import { scanSplit, type SplitName, sourcesOf } from "../data/dataset/dataset";
import { fileKind } from "../data/dataset/fileKind";

/** Pictures of each direction that are listed, in the order of their names: enough to choose from. */
const listed = 20;

/** The splits to list, from the one that tells most of a network: it was trained on none of these pictures. */
const order: readonly SplitName[] = ["test", "val", "train"];

/**
 * Pictures or volumes of a data set, in every direction that its network translates: of its test folders, else of those for
 * validation, else of those that it was trained on. None where the data set is gone.
 */
export function picturesOf({ data, mode, network }: Config): DataPicture[] {
  const { path, folders } = data;
  if (path === null) return [];
  const kind = fileKind(network.dimensions);
  try {
    for (const name of order) {
      const found = scanSplit({ path, folders }, mode, name, kind);
      if (found === null) continue;
      const { a, b } = sourcesOf(found.split);
      return directionsOf(network).flatMap((direction) =>
        (direction === "AtoB" ? a : b).slice(0, listed).map((source) => ({ direction, ...source })),
      );
    }
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
  }
  return [];
}
