import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import { scanDataset } from "../data/dataset/dataset";
import { fileKind } from "../data/dataset/fileKind";
import { storedBlocksOf } from "../memoryTheory/memoryBudget";

/** Checks and predictions for a training before its engine is chosen and before its files are opened. */

/** The engine whose memory is predicted. For `auto` it is TensorFlow, which allocates the same on any device. */
export function engineOf({ engine }: Config): Exclude<Config["engine"], "auto"> {
  return engine === "auto" ? "native" : engine;
}

/**
 * Checks that the data folders hold the needed files, by names alone, and that a step fits into the memory budget.
 *
 * @param listed data sets that were checked before, and are added to: many configurations usually share one
 * @throws RevganError `config` or `data`
 */
export function requireTrainable(config: Config, listed = new Set<string>()): void {
  const location = dataLocation(config.data);
  if (location === null)
    throw new RevganError(
      "config",
      "the configuration names no data folder",
      "add data.path to it, or data.a and data.b",
    );
  const key = JSON.stringify([location, config.mode, config.network.dimensions]);
  if (!listed.has(key)) scanDataset(location, config.mode, fileKind(config.network.dimensions));
  listed.add(key);
  storedBlocksOf(config, engineOf(config));
}
