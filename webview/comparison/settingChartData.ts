import { type Figure, figureOf, meanFigure } from "../../extension/comparison/figures";
import { type DifferingSetting, idOf } from "../../extension/comparison/settings";
import { linesAlong } from "../../extension/comparison/sweptSettings";
import type { ComparisonRow, ComparisonRows } from "./comparisonRows";

/** The figures of one row of the comparison in a chart of a figure against a setting. */
export interface SettingPoint {
  readonly row: ComparisonRow;
  /** The row's value of the setting on the x axis. */
  readonly value: unknown;
  /** The mean of the figure over the row's runs; null where their qualities were computed on different pictures. */
  readonly mean: number | null;
  /** The chart's figure for each run of the row that has it. */
  readonly figures: readonly { readonly run: string; readonly figure: number }[];
}

/** One value of the second setting, drawn in its own colour and shape. */
export interface Series {
  /** The index of `value` among the setting's values. */
  readonly index: number;
  /** The value of the second setting; undefined if there is no second setting. */
  readonly value: unknown;
  /** Along a line the setting on the x axis ascends, and all other settings are the same. */
  readonly lines: readonly (readonly SettingPoint[])[];
}

/** The data of a chart of a figure against a setting. */
export interface SettingChart {
  readonly figure: Figure;
  readonly setting: DifferingSetting;
  /** The second setting, which has a line for each of its values; null without one: then all lines look the same. */
  readonly series: DifferingSetting | null;
  readonly all: readonly Series[];
}

export function settingChartOf(
  { settings, rows }: Pick<ComparisonRows, "settings" | "rows">,
  { figure, setting, series }: Omit<SettingChart, "all">,
): SettingChart {
  const [across, along] = [settings.indexOf(setting), series === null ? -1 : settings.indexOf(series)];
  const pointOf = (row: ComparisonRow): SettingPoint => ({
    row,
    value: row.values[across],
    mean: meanFigure(row.lines, figure)?.mean ?? null,
    figures: row.runs.flatMap(({ id, line }) => {
      const value = figureOf(line, figure);
      return value === null ? [] : [{ run: id, figure: value }];
    }),
  });
  const lines = linesAlong(across, rows).map((line) => ({
    value: idOf(line[0]?.values[along]),
    points: line.map(pointOf).filter(({ figures }) => figures.length > 0),
  }));
  const all = (series?.values ?? [undefined]).map((value, index): Series => {
    const own = lines.filter((line) => series === null || line.value === idOf(value));
    return { index, value, lines: own.map(({ points }) => points).filter((points) => points.length > 0) };
  });
  return { figure, setting, series, all: all.filter((each) => each.lines.length > 0) };
}

/** Groups of series that have the same figures at the same values, so that their lines coincide. */
export function equalSeries(all: readonly Series[]): Series[][] {
  const byFigures = new Map<string, Series[]>();
  for (const series of all) {
    const figures = series.lines.map((line) =>
      line.map((point) => [point.value, point.figures.map((each) => each.figure)]),
    );
    byFigures.set(idOf(figures), [...(byFigures.get(idOf(figures)) ?? []), series]);
  }
  return [...byFigures.values()].filter(({ length }) => length > 1);
}
