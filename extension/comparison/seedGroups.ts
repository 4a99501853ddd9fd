import type { ComparisonLine } from "../protocol/lines";
import { byValue, type DifferingSetting, idOf, seedOf } from "./settings";

/** What can be grouped: a compared run with its line. */
interface Compared {
  readonly line: ComparisonLine;
}

/** Runs with the same settings, their seeds apart. */
export interface SeedGroup<T extends Compared> {
  /** Of each differing setting, in their order; undefined where its run does not tell. */
  readonly values: readonly unknown[];
  /** By their seeds. */
  readonly runs: readonly [T, ...T[]];
}

/** Groups runs, and sorts the groups by the settings, of which the first counts most. Runs that do not tell their settings stand alone. */
export function seedGroups<T extends Compared>(
  runs: readonly T[],
  settings: readonly DifferingSetting[],
): SeedGroup<T>[] {
  const groups = new Map<string, { values: readonly unknown[]; runs: [T, ...T[]] }>();
  for (const run of runs) {
    const values = settings.map(({ key }) => run.line.settings?.[key]);
    const id = run.line.settings === undefined ? run.line.run : idOf(values);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { values, runs: [run] });
    else group.runs.push(run);
  }
  for (const group of groups.values()) group.runs.sort((a, b) => byValue(seedOf(a.line), seedOf(b.line)));
  return [...groups.values()].sort((a, b) => inOrder(a.values, b.values));
}

function inOrder(some: readonly unknown[], others: readonly unknown[]): number {
  for (const [i, value] of some.entries()) {
    const order = byValue(value, others[i]);
    if (order !== 0) return order;
  }
  return 0;
}
