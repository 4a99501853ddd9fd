import type { RunSummary } from "../protocol/panel";
import { runNames } from "./runNames";

/** Compares names of runs, with numbers in them by value: `depth-3` before `depth-18`. */
export const byName = new Intl.Collator("en", { numeric: true }).compare;

/** A folder of runs (such as that of a sweep) in a list. */
export interface RunGroup<T> {
  /** The path of the folder. */
  readonly folder: string;
  /** The shortest end of the path that distinguishes the folder from the other folders in the list. */
  readonly name: string;
  /** The runs in the folder, sorted by name. */
  readonly runs: readonly T[];
}

/** The entries of a list of runs: the runs of one folder become a single group, at the position of the first of them. */
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
