import type { RunSummary } from "../protocol/panel";
import { runNames } from "./runNames";

/** The order of runs in a folder: numbers in their names by size, `depth-3` before `depth-18`. */
export const byName = new Intl.Collator("en", { numeric: true }).compare;

/** A folder of runs in a list. */
export interface RunGroup<T> {
  /** Its path. */
  readonly folder: string;
  /** The end of its path that tells it from the other folders. */
  readonly name: string;
  /** By their names. */
  readonly runs: readonly T[];
}

/** Runs as lists show them: those of one folder together, where the first of them stood. */
export function groupedRuns<T extends Pick<RunSummary, "name" | "group">>(runs: readonly T[]): (T | RunGroup<T>)[] {
  const folders = [...new Set(runs.flatMap(({ group }) => (group === null ? [] : [group])))];
  const names = runNames(folders);
  const groups = new Map(
    folders.map((folder, i): [string, RunGroup<T>] => {
      const own = runs.filter(({ group }) => group === folder).sort((a, b) => byName(a.name, b.name));
      return [folder, { folder, name: names[i]!, runs: own }];
    }),
  );
  return [...new Set(runs.map((run) => (run.group === null ? run : groups.get(run.group)!)))];
}
