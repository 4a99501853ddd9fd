import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { directionsOf } from "../../configuration/networkKind";
import { RevganError } from "../../protocol/errors";
import type { DataPicture } from "../../protocol/trainer";
import { readHeldOut } from "../../runFolder/heldOut";
import { scanDataset, sourcesOf } from "../data/dataset/dataset";
import { fileKind } from "../data/dataset/fileKind";
import { holdOut } from "../data/dataset/heldOut";

/** The most pictures that are listed for a direction, in the order of their names: enough to choose from. */
const listedPerDirection = 20;

/**
 * Pictures or volumes of a run's data set, for every direction that its network translates: from the test split, else from the validation
 * split, else from the training split. Empty where the data set is gone.
 */
export async function picturesOf(run: string, { data, mode, network }: Config): Promise<DataPicture[]> {
  const location = dataLocation(data);
  if (location === null) return [];
  try {
    const dataset = scanDataset(location, mode, fileKind(network.dimensions));
    const { test, val, train } = holdOut(dataset, await readHeldOut(run)).splits;
    const { a, b } = sourcesOf(test ?? val ?? train);
    return directionsOf(network).flatMap((direction) =>
      (direction === "AtoB" ? a : b).slice(0, listedPerDirection).map((source) => ({ direction, ...source })),
    );
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
    return [];
  }
}
