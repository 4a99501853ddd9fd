import { areComparable } from "../../comparison/figures";
import { runNames } from "../../comparison/runNames";
import { type SeedGroup, seedGroups } from "../../comparison/seedGroups";
import { differingSettings, type DifferingSetting, seedOf } from "../../comparison/settings";
import type { ComparisonLine } from "../../protocol/lines";
import { type Column, figureColumns, wordColumn } from "./comparisonColumns";
import { tableLines } from "./table";

/** A run that is compared. */
interface NamedRun {
  readonly name: string;
  readonly line: ComparisonLine;
}

/**
 * Tables for people: a row for each run, with a column for each setting in which the runs differ, sorted by these settings; below it the
 * means over runs that differ only in their seed. The best value of a column is marked with `*`. At the end, the pictures on which each run
 * was judged.
 */
export function comparisonTable(lines: readonly ComparisonLine[]): string[] {
  const names = runNames(lines.map(({ run }) => run));
  const named = lines.map((line, i): NamedRun => ({ name: names[i]!, line }));
  const settings = differingSettings(lines);
  const groups = seedGroups(named, settings);
  const runs = groups.flatMap((group) => group.runs);
  const head = wordColumn(
    "RUN",
    runs.map(({ name }) => name),
  );
  const seeds = runs.map(({ line }) => String(seedOf(line) ?? "-"));
  const seed = new Set(seeds).size > 1 ? [wordColumn("SEED", seeds, "right")] : [];
  return [
    ...table(
      runs.map(({ line }) => [line]),
      (rows) => [head, ...settingColumns(rows, settings), ...seed],
    ),
    "",
    ...meansTable(groups, settings),
    ...evaluationNotes(runs),
  ];
}

/** The table of means over runs that differ only in their seed; empty where there are no such runs. */
function meansTable(groups: readonly SeedGroup<NamedRun>[], settings: readonly DifferingSetting[]): string[] {
  if (groups.every(({ runs }) => runs.length === 1)) return [];
  const lines = groups.map(({ runs }) => runs.map(({ line }) => line));
  return [
    "Means over the runs that differ in their seed alone, ± their standard deviation:",
    "",
    ...table(lines, (rows) => [
      ...settingColumns(rows, settings),
      wordColumn(
        "RUNS",
        rows.map(({ length }) => length.toLocaleString("en")),
        "right",
      ),
    ]),
    "",
  ];
}

type Rows = readonly (readonly ComparisonLine[])[];
type Columns = readonly [Column, ...Column[]];

/** @param rows for each row the runs whose mean figures it shows */
function table(rows: Rows, first: (rows: Rows) => Columns): string[] {
  const columns: Columns = [...first(rows), ...figureColumns(rows)];
  const hasGroups = columns.some(({ group }) => group !== "");
  return tableLines(
    [
      ...(hasGroups ? [columns.map(({ group }) => `${group} `)] : []),
      columns.map(({ title }) => `${title} `),
      ...rows.map((_, i) => columns.map(({ cells }) => cells[i]!)),
    ],
    columns,
    " ",
  );
}

/** Columns of the network's kind, and of the settings in which the runs differ. */
function settingColumns(rows: Rows, settings: readonly DifferingSetting[]): Columns {
  const firsts = rows.map((row) => row[0]!);
  const textOf = ({ text }: DifferingSetting, value: unknown): string =>
    value === undefined ? "-" : value === null ? "not set" : text(value);
  return [
    wordColumn(
      "KIND",
      firsts.map(({ kind }) => kind),
    ),
    ...settings
      .filter(({ key }) => key !== "network.kind")
      .map((setting) =>
        wordColumn(
          setting.name.toUpperCase(),
          firsts.map((line) => textOf(setting, line.settings?.[setting.key])),
          setting.isNumeric ? "right" : "left",
        ),
      ),
  ];
}

/** Lines that tell which runs were evaluated on the test pictures, which were only validated, and which neither. */
function evaluationNotes(runs: readonly NamedRun[]): string[] {
  const named = (by: "evaluation" | "validation" | null): string => {
    const names = runs.filter(({ line }) => (line.judged?.by ?? null) === by).map(({ name }) => name);
    return names.length > 1 && names.length === runs.length ? "all runs" : names.join(", ");
  };
  const [evaluated, validated, unjudged] = [named("evaluation"), named("validation"), named(null)];
  const isComparable = areComparable(runs.map(({ line }) => line));
  return [
    ...(runs.length > 1
      ? [
          `* the best${isComparable ? "" : ", of what the runs cost alone: their figures of quality are of different pictures"}`,
        ]
      : []),
    ...(evaluated === "" ? [] : [`On the test pictures: ${evaluated}`]),
    ...(validated === ""
      ? []
      : [`At the last validation (\`revgan evaluate --run RUN\` judges on the test pictures): ${validated}`]),
    ...(unjudged === "" ? [] : [`Not judged yet (\`revgan evaluate --run RUN\` does it): ${unjudged}`]),
  ];
}
