import { seedGroups } from "../../extension/comparison/seedGroups";
import { differingSettings, type DifferingSetting } from "../../extension/comparison/settings";
import { sweptSettings } from "../../extension/comparison/sweptSettings";
import type { ComparisonLine } from "../../extension/protocol/lines";
import type { ComparedRun } from "./comparedRuns";

/** A run whose folder could be read. */
export type ReadRun = ComparedRun & { readonly line: ComparisonLine };

/** A row of a comparison: one run, or several that differ only in their seed. Its number is the same in the table and in the charts. */
export interface ComparisonRow {
  /** The id of the row's first run. */
  readonly id: string;
  /** The row's number, from 1. */
  readonly number: number;
  /** The row's value of each of {@link ComparisonRows.settings}, in their order. */
  readonly values: readonly unknown[];
  readonly runs: readonly [ReadRun, ...ReadRun[]];
  readonly lines: readonly [ComparisonLine, ...ComparisonLine[]];
}

/** All compared runs, as rows, and the settings in which they differ. */
export interface ComparisonRows {
  /** The settings in which the runs differ. */
  readonly settings: readonly DifferingSetting[];
  /** Those of `settings` that can be the x axis of a chart: in some rows only this setting differs. */
  readonly swept: readonly DifferingSetting[];
  /** The rows, sorted by their values of the settings. */
  readonly rows: readonly ComparisonRow[];
  /** The lines of all readable runs. */
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
