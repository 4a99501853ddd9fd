import { join } from "node:path";
import type { Assignment } from "../../configuration/assignments";
import { shownValue } from "../../configuration/rules";
import { RevganError } from "../../protocol/errors";
import type { Sweep, Values } from "./sweepFile";
import { trialName } from "./trialNames";

/** One configuration of a sweep. */
export interface Trial {
  /** Index of the trial in the sweep, from 0. */
  readonly index: number;
  readonly name: string;
  /** Absolute path of its run's folder. */
  readonly folder: string;
  /** The settings in which the trial differs from the base. */
  readonly assignments: readonly Assignment[];
}

/** The most trials of a sweep: a larger number is probably a mistake. */
const mostTrials = 10_000;

/** The longest name in bytes: file systems take 255, and temporary names are a little longer. */
const longestName = 200;

const seedKey = "training.seed";

/**
 * All trials of a sweep: every combination of the grid's values, the list's entries and the seeds; the seeds change fastest.
 * @throws RevganError `config` for a key that is set twice, too many trials, or two trials of one name
 */
export function trialsOf(sweep: Pick<Sweep, "file" | "grid" | "list" | "seeds" | "runs">): Trial[] {
  const { file, grid, list, seeds, runs } = sweep;
  requireKeysSetOnce(sweep);
  const axes: (readonly Values[])[] = [
    ...Object.entries(grid).map(([key, values]) => values.map((value) => ({ [key]: value }))),
    list,
    ...(seeds.length === 0 ? [] : [seeds.map((seed) => ({ [seedKey]: seed }))]),
  ];
  requireFew(
    axes.reduce((count, { length }) => count * length, 1),
    file,
  );
  const combined = axes.reduce<readonly Values[]>(
    (trials, axis) => trials.flatMap((trial) => axis.map((values) => ({ ...trial, ...values }))),
    [{}],
  );
  const keys = [...new Set(axes.flat().flatMap((values) => Object.keys(values)))];
  const trials = combined.map((values, index): Trial => {
    const assignments = Object.entries(values).map(([key, value]) => ({ key, value }));
    const name = trialName(assignments, keys);
    return { index, name, folder: join(runs, name), assignments };
  });
  requireNames(trials, file);
  return trials;
}

function requireKeysSetOnce({ file, grid, list, seeds }: Pick<Sweep, "file" | "grid" | "list" | "seeds">): void {
  const inList = new Set(list.flatMap((values) => Object.keys(values)));
  const twice = Object.keys(grid).find((key) => inList.has(key));
  const seedIn = seedKey in grid ? "grid" : inList.has(seedKey) ? "list" : null;
  const problem =
    twice !== undefined
      ? { key: twice, places: "grid and in list" }
      : seeds.length > 0 && seedIn !== null
        ? { key: seedKey, places: `${seedIn} and by seeds` }
        : null;
  if (problem === null) return;
  const { key, places } = problem;
  throw new RevganError("config", `${file}: ${key} is set in ${places}`, "keep one of the two");
}

function requireFew(count: number, file: string): void {
  if (count <= mostTrials) return;
  throw new RevganError(
    "config",
    `${file} has ${count} trials, more than the ${mostTrials} that a sweep may have`,
    "take values out of grid, list or seeds",
  );
}

/**
 * Throws where names are too long or equal. Names that differ only in upper and lower case count as equal, because some file systems do not
 * distinguish these.
 */
function requireNames(trials: readonly Trial[], file: string): void {
  const known = new Map<string, Trial>();
  for (const trial of trials) {
    const { name } = trial;
    if (Buffer.byteLength(name) > longestName)
      throw new RevganError(
        "config",
        `${file}: the name of trial ${trial.index} has more than ${longestName} bytes: ${shownValue(name)}`,
        "vary fewer keys at once",
      );
    const other = known.get(name.toLowerCase());
    if (other !== undefined)
      throw new RevganError(
        "config",
        `${file}: the trials ${other.index} and ${trial.index} (from 0) are both named ${name}: ${describe(other)} and ${describe(trial)}`,
        "remove one of them, or write values that differ in letters and digits",
      );
    known.set(name.toLowerCase(), trial);
  }
}

function describe({ assignments }: Trial): string {
  return assignments.map(({ key, value }) => `${key} ${shownValue(value)}`).join(", ") || "the base";
}
