import type { ComparisonLine } from "../protocol/lines";
import { byValue, type DifferingSetting, idOf, seedOf } from "./settings";

/** A compared run with its line; callers may have further fields. */
interface Compared {
  readonly line: ComparisonLine;
}

/** Runs with the same settings except the seed. */
export interface SeedGroup<T extends Compared> {
  /** The value of each differing setting, in the same order as these; undefined where the run's settings are not known. */
  readonly values: readonly unknown[];
  /** The runs, sorted by seed. */
  readonly runs: readonly [T, ...T[]];
}

/**
 * Groups runs that differ only in the seed, and sorts the groups by the first setting, then the second and so on. Each run whose settings
 * are not known is a group of its own.
 */
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
