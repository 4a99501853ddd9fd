import { seedGroups } from "../../extension/comparison/seedGroups";
import { differingSettings, type DifferingSetting } from "../../extension/comparison/settings";
import { sweptSettings } from "../../extension/comparison/sweptSettings";
import type { ComparisonLine } from "../../extension/protocol/lines";
import type { ComparedRun } from "./comparedRuns";

/** A run whose folder could be read. */
export type ReadRun = ComparedRun & { readonly line: ComparisonLine };

/** A row of a comparison: a run, or several that differ in their seed alone. It has the same number in the table and in the charts. */
export interface ComparisonRow {
  /** That of its first run. */
  readonly id: string;
  /** From 1. */
  readonly number: number;
  /** Of each differing setting, in their order. */
  readonly values: readonly unknown[];
  readonly runs: readonly [ReadRun, ...ReadRun[]];
  readonly lines: readonly [ComparisonLine, ...ComparisonLine[]];
}

/** Everything that is compared. */
export interface ComparisonRows {
  /** In which the runs differ. */
  readonly settings: readonly DifferingSetting[];
  /** Those of them that figures can be shown against. */
  readonly swept: readonly DifferingSetting[];
  /** Sorted by the settings. */
  readonly rows: readonly ComparisonRow[];
  /** Of all rows. */
  readonly lines: readonly ComparisonLine[];
  /** Runs that cannot be read. */
  readonly damaged: readonly ComparedRun[];
}

export const nothingCompared: ComparisonRows = { settings: [], swept: [], rows: [], lines: [], damaged: [] };

export function comparisonRows(runs: readonly ComparedRun[]): ComparisonRows {
  const read = runs.filter((run): run is ReadRun => run.line !== null);
  const lines = read.map(({ line }) => line);
  const settings = differingSettings(lines);
  const rows = seedGroups(read, settings).map(({ values, runs: group }, i): ComparisonRow => {
    const [first, ...others] = group;
    return {
      id: first.id,
      number: i + 1,
      values,
      runs: group,
      lines: [first.line, ...others.map(({ line }) => line)],
    };
  });
  const damaged = runs.filter(({ line }) => line === null);
  return { settings, swept: sweptSettings(settings, rows), rows, lines, damaged };
}
