import { dirname } from "node:path";
import { applyAssignments } from "../../configuration/assignments";
import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { completeConfiguration } from "../../configuration/readConfiguration";
import { RevganError } from "../../protocol/errors";
import { scanDataset } from "../data/dataset/dataset";
import { fileKind } from "../data/dataset/fileKind";
import { storedBlocksOf } from "../memoryTheory/memoryBudget";
import type { Sweep } from "./sweepFile";
import type { Trial } from "./trials";

/** A trial whose configuration can be trained. */
export interface CheckedTrial extends Trial {
  /** With every default, and absolute paths of its data. */
  readonly config: Config;
}

/**
 * Checks the whole configuration of each trial as `revgan train` does before it looks into files: keys, values, what goes together, the
 * data's folders and the memory budget.
 * @throws RevganError `config` or `data` for the first that cannot be trained, and for two that are the same
 */
export async function checkTrials(sweep: Sweep, trials: readonly Trial[]): Promise<CheckedTrial[]> {
  const checked: CheckedTrial[] = [];
  const names = new Map<string, string>();
  const listed = new Set<string>();
  for (const trial of trials) {
    const config = await configOf(sweep, trial);
    const text = JSON.stringify(config);
    const same = names.get(text);
    if (same !== undefined)
      throw new RevganError(
        "config",
        `${sweep.file}: the trials ${same} and ${trial.name} have the same configuration`,
        "remove one of them",
      );
    names.set(text, trial.name);
    namingTrial(trial, () => {
      requireData(config, sweep.file, listed);
      storedBlocksOf(config, engineOf(config));
    });
    checked.push({ ...trial, config });
  }
  return checked;
}

/** What these checks find does not say itself from where its value comes. */
function namingTrial({ name }: Trial, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
    throw new RevganError(error.code, `${name}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** The engine whose memory is predicted: where it is not chosen yet, TensorFlow, which allocates the same on any device. */
export function engineOf({ engine }: Config): Exclude<Config["engine"], "auto"> {
  return engine === "auto" ? "native" : engine;
}

function configOf({ file, base }: Sweep, { assignments }: Trial): Promise<Config> {
  const isSet = (path: string): boolean => assignments.some(({ key }) => key === path || path.startsWith(`${key}.`));
  const sourceOf = (path: string): string => (isSet(path) ? file : base.file);
  return completeConfiguration({
    value: applyAssignments(base.value, assignments),
    sourceOf,
    folderOf: (key) => dirname(sourceOf(key)),
  });
}

/** @param listed data sets that were found before: trials mostly share one */
function requireData(config: Config, file: string, listed: Set<string>): void {
  const location = dataLocation(config.data);
  if (location === null)
    throw new RevganError("config", `${file} names no data folder`, "add data.path to its base, or data.a and data.b");
  const key = JSON.stringify([location, config.mode, config.network.dimensions]);
  if (listed.has(key)) return;
  scanDataset(location, config.mode, fileKind(config.network.dimensions));
  listed.add(key);
}
