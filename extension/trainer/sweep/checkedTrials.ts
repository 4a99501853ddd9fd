import { dirname } from "node:path";
import { applyAssignments } from "../../configuration/assignments";
import type { Config } from "../../configuration/config";
import { completeConfiguration } from "../../configuration/readConfiguration";
import { RevganError } from "../../protocol/errors";
import { requireTrainable } from "../planning/beforeTraining";
import type { Sweep } from "./sweepFile";
import type { Trial } from "./trials";

/** A trial whose configuration can be trained. */
export interface CheckedTrial extends Trial {
  /** The configuration with all defaults, and with absolute paths of its data. */
  readonly config: Config;
}

/**
 * Checks each trial's whole configuration as `revgan train` does before it opens files: keys, values, their combinations, the data folders
 * and the memory budget.
 * @throws RevganError `config` or `data` for the first trial that cannot be trained, and for two equal trials
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
    namingTrial(trial, () => requireTrainable(config, listed));
    checked.push({ ...trial, config });
  }
  return checked;
}

/** Adds the trial's name to the errors of `check`, because these do not state which trial the value belongs to. */
function namingTrial({ name }: Trial, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
    throw new RevganError(error.code, `${name}: ${error.message}`, error.remedy, { cause: error });
  }
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
